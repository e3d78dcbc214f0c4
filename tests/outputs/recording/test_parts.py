"""Coded pictures under one name: what is on the disk shows the right pictures at the right times."""

import os
from dataclasses import replace
from pathlib import Path

import av
import pytest

from monitor.frames import Size
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.layout import unfinished
from monitor.outputs.recording.codedfile import FRAGMENT_S
from monitor.outputs.recording.headers import parameter_sets
from monitor.outputs.recording.parts import Parts
from tests.outputs.recording.coded import CODECS, GOP, RATE_HZ, SIZE, coded, pictures_of, shown
from tests.outputs.scene import names_in

HALF_MILLISECOND_S = 0.0006
"""Matroska's clock ticks in milliseconds."""


@pytest.mark.parametrize("in_band", [False, True], ids=["header", "in band"])
@pytest.mark.parametrize("name", CODECS)
def test_copied_packets_show_all_pictures_at_their_times(
    name: str, in_band: bool, tmp_path: Path, guard: DiskGuard
) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    for picture in coded(name, in_band=in_band):
        parts.write([picture])
    (path,) = parts.complete()
    numbers, times_s = shown(path)
    assert numbers == list(range(100))
    assert times_s == pytest.approx(pictures_of(numbers), abs=HALF_MILLISECOND_S)
    assert path.name == ("clip.mkv" if name == "Motion JPEG" else "clip.mp4")


@pytest.mark.parametrize("name", ["H.264 with B-frames", "H.265"])
def test_a_file_lasts_as_long_as_its_pictures(name: str, tmp_path: Path, guard: DiskGuard) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write(coded(name))
    with av.open(str(parts.complete()[0])) as container:
        stream = container.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        assert float(stream.duration * stream.time_base) == pytest.approx(100 / RATE_HZ, abs=1 / RATE_HZ)
        assert stream.start_time == 0
        assert (stream.codec_context.width, stream.codec_context.height) == SIZE


def test_h265_is_tagged_as_safari_wants_it(tmp_path: Path, guard: DiskGuard) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write(coded("H.265"))
    with av.open(str(parts.complete()[0])) as container:
        assert container.streams.video[0].codec_context.codec_tag == "hvc1"


def test_length_prefixed_h264_with_a_configuration_record_is_copied_too(
    tmp_path: Path, guard: DiskGuard
) -> None:
    first = Parts(tmp_path / "first.mp4", guard)
    first.write(coded())
    (path,) = first.complete()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        record = stream.codec_context.extradata
        assert record is not None
        assert record[0] == 1
        packets = [bytes(packet) for packet in container.demux(stream) if packet.size]
    form = replace(coded()[0].format, extradata=record)
    again = Parts(tmp_path / "again.mp4", guard)
    again.write([replace(p, data=d, format=form) for p, d in zip(coded(), packets, strict=True)])
    assert shown(again.complete()[0])[0] == list(range(100))


@pytest.mark.parametrize(("name", "types"), [("H.264", [7, 8]), ("H.265", [32, 33, 34])])
def test_parameter_sets_are_found_in_a_key_picture(name: str, types: list[int]) -> None:
    sets = parameter_sets(coded(name, in_band=True)[0]).split(b"\0\0\0\1")[1:]
    shift, mask = (0, 0x1F) if name == "H.264" else (1, 0x3F)
    assert [unit[0] >> shift & mask for unit in sets] == types


def test_a_growing_file_has_a_hidden_name_and_plays_up_to_a_second_ago(
    tmp_path: Path, guard: DiskGuard
) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    for picture in coded("H.264 with B-frames")[:60]:
        parts.write([picture])
    assert names_in(tmp_path) == {".clip.part.mp4"}
    numbers, _ = shown(unfinished(tmp_path / "clip.mp4"))
    assert sorted(numbers) == numbers
    assert numbers[-1] / RATE_HZ > 59 / RATE_HZ - 1 - 3 / RATE_HZ
    parts.complete()


@pytest.mark.parametrize("name", ["H.264 with B-frames", "Motion JPEG"])
def test_each_fragment_is_forced_to_the_disk_and_not_each_picture(
    name: str, tmp_path: Path, guard: DiskGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced_at: list[int] = []
    fsync = os.fsync

    def counting(handle: int) -> None:
        fsync(handle)
        forced_at.append(number)

    parts = Parts(tmp_path / "clip.mp4", guard)
    monkeypatch.setattr(os, "fsync", counting)
    for number, picture in enumerate(coded(name)):  # noqa: B007
        parts.write([picture])
    # The first two: the name in its folder, and the head of the file.
    assert [round(at / RATE_HZ / FRAGMENT_S) for at in forced_at] == [0, 0, 1, 2, 3, 4, 5]
    parts.complete()


def test_a_change_of_format_goes_on_in_a_second_file(tmp_path: Path, guard: DiskGuard) -> None:
    larger = coded(size=Size(128, 96), start_s=104.0)
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write([*coded(), *larger])
    assert [path.name for path in parts.complete()] == ["clip.mp4", "clip-2.mp4"]
    assert shown(tmp_path / "clip-2.mp4")[0] == list(range(100))


def test_it_begins_with_the_first_key_picture(tmp_path: Path, guard: DiskGuard) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write(coded()[3:])
    assert parts.complete() == (tmp_path / "clip.mp4",)
    assert shown(tmp_path / "clip.mp4")[0][0] == GOP


def test_lost_pictures_make_it_incomplete_and_it_goes_on_at_a_key_picture(
    tmp_path: Path, guard: DiskGuard
) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write(coded()[:15])
    parts.lost()
    parts.write(coded()[22:])
    (path,) = parts.complete()
    assert path.name == "clip.incomplete.mp4"
    numbers, times_s = shown(path)
    assert numbers == [*range(15), *range(30, 100)]
    assert times_s == pytest.approx(pictures_of(numbers), abs=1e-4)


def test_clocks_that_stand_or_step_back_still_give_an_order(tmp_path: Path, guard: DiskGuard) -> None:
    stuck = [replace(p, time_s=p.time_s - 0.5, decode_s=p.decode_s - 0.5) for p in coded()[20:40]]
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write([*coded()[:20], *stuck, *coded()[40:]])
    numbers, times_s = shown(parts.complete()[0])
    assert numbers == list(range(100))
    assert times_s == sorted(set(times_s))


def test_nothing_is_overwritten(tmp_path: Path, guard: DiskGuard) -> None:
    (tmp_path / "clip.mp4").write_text("mine")
    (tmp_path / "clip-2.incomplete.mp4").write_text("mine too")
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write(coded())
    assert parts.complete() == (tmp_path / "clip-3.mp4",)


def test_pictures_that_no_container_takes_give_no_file_and_are_told(
    tmp_path: Path, guard: DiskGuard, caplog: pytest.LogCaptureFixture
) -> None:
    unknown = replace(coded()[0].format, codec="cinepak")
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write([replace(picture, format=unknown) for picture in coded()[:2]])
    assert parts.complete() == ()
    assert names_in(tmp_path) == set()
    assert guard.may_write()
