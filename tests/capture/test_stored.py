"""Videos in stores: read by range, as good as from a disk, listed like folders."""

import random
from pathlib import Path

import av
import pytest

from monitor.capture import container
from monitor.capture.file import FileSource
from monitor.capture.opening import inputs_of
from monitor.capture.source import Source
from monitor.capture.stored import open_stored
from monitor.errors import SourceError, SourceFormatError, SourceNotFoundError
from monitor.outputs.copying import copy_span
from monitor.storage.address import joined
from monitor.storage.ranges import BLOCK_BYTES, RangeReader
from monitor.storage.store import Store
from tests.capture.contract import SourceContract
from tests.capture.encode import RATE_HZ, Bgr, encode, pictures

pytest.importorskip("fsspec", reason="fsspec is not installed: pip install -e '.[cluster]'")
pytest_plugins = ("tests.storage.stores",)

KEY_FRAME_S = 1


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds that cannot be compressed, 5 MB or more, with a key frame each second."""
    import numpy as np

    chance = np.random.default_rng(3)
    noise: list[Bgr] = [chance.integers(0, 256, (120, 160, 3), np.uint8) for _ in range(8 * RATE_HZ)]
    options = {"g": str(KEY_FRAME_S * RATE_HZ), "bf": "2", "qp": "12", "preset": "ultrafast"}
    return encode(tmp_path_factory.mktemp("noisy") / "noisy.mp4", noise, options=options)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[RangeReader]:
    """The file objects that were opened, each with what it fetched."""
    files: list[RangeReader] = []

    def noted(address: str) -> RangeReader:
        files.append(open_stored(address))
        return files[-1]

    monkeypatch.setattr(container, "open_stored", noted)
    return files


class TestStoredFile(SourceContract):
    @pytest.fixture
    def source(self, folder: str, tmp_path: Path) -> Source:
        address = joined(folder, "clip.mp4")
        Store(folder).put(encode(tmp_path / "clip.mp4", pictures(), options={"bf": "2"}), address)
        return FileSource(address)


def test_a_stored_video_has_the_pictures_and_times_of_the_same_file_on_a_disk(
    folder: str, noisy: Path
) -> None:
    address = joined(folder, "a.mp4")
    Store(folder).put(noisy, address)
    with FileSource(address) as there, FileSource(noisy) as here:
        for ours, truth in zip(there, here, strict=True):
            assert ours.time_s == truth.time_s
            assert (ours.luma == truth.luma).all()
        assert there.problems == here.problems
        assert there.info.duration_s == here.info.duration_s


def test_to_know_what_a_video_is_its_ends_are_enough(
    memory: str, noisy: Path, opened: list[RangeReader]
) -> None:
    Store(memory).put(noisy, joined(memory, "a.mp4"))
    assert noisy.stat().st_size > 16 * BLOCK_BYTES
    with FileSource(joined(memory, "a.mp4")):
        pass
    assert opened[0].fetched_bytes <= 4 * BLOCK_BYTES


def test_a_clip_fetches_little_more_than_it_holds(
    memory: str, noisy: Path, opened: list[RangeReader], tmp_path: Path
) -> None:
    Store(memory).put(noisy, joined(memory, "a.mp4"))
    copy_span(joined(memory, "a.mp4"), tmp_path / "clip.mp4", 5.0, 5.9)
    clip_bytes = (tmp_path / "clip.mp4").stat().st_size
    assert clip_bytes < noisy.stat().st_size / 4
    assert opened[0].fetched_bytes <= clip_bytes + 8 * BLOCK_BYTES
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        assert sum(1 for _ in clip.decode(video=0)) >= 0.9 * RATE_HZ


def test_the_whole_video_is_fetched_once(memory: str, noisy: Path, opened: list[RangeReader]) -> None:
    Store(memory).put(noisy, joined(memory, "a.mp4"))
    with FileSource(joined(memory, "a.mp4")) as source:
        assert sum(1 for _ in source) == 8 * RATE_HZ
    assert opened[0].fetched_bytes <= noisy.stat().st_size + BLOCK_BYTES


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_store_that_fails_midway_is_a_failed_source_and_no_end(
    memory: str, noisy: Path, monkeypatch: pytest.MonkeyPatch, name: str, tmp_path: Path
) -> None:
    copy_span(noisy, tmp_path / name, 0.0, 8.0)
    Store(memory).put(tmp_path / name, joined(memory, name))
    reads = []
    read = RangeReader.read

    def fail_once(file: RangeReader, size: int = -1) -> bytes:
        reads.append(size)
        if len(reads) == 60:
            raise SourceError("the store is gone")
        return read(file, size)

    monkeypatch.setattr(RangeReader, "read", fail_once)
    with pytest.raises(SourceError, match="gone"), FileSource(joined(memory, name)) as source:
        assert len(list(source)) < 8 * RATE_HZ


def test_a_store_that_fails_at_once_is_not_taken_for_a_damaged_file(
    memory: str, noisy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(memory).put(noisy, joined(memory, "a.mp4"))

    def fail(file: RangeReader, size: int = -1) -> bytes:
        raise SourceError("the store is gone")

    monkeypatch.setattr(RangeReader, "read", fail)
    with pytest.raises(SourceError, match="gone"), FileSource(joined(memory, "a.mp4")):
        pass


def test_a_folder_of_a_store_gives_its_videos_in_natural_order_without_hidden_ones(folder: str) -> None:
    names = [
        "b/gate10.mp4",
        "b/gate9.mp4",
        "a.mkv",
        ".trash/x.mp4",
        "b/.part.mp4",
        "b/note.txt",
        "b/gate9.jpg",
    ]
    random.Random(4).shuffle(names)
    for name in names:
        Store(folder).write(joined(folder, name), b"1")
    expected = [joined(folder, name) for name in ("a.mkv", "b/gate9.mp4", "b/gate10.mp4")]
    assert [item.address for item in inputs_of([folder])] == expected
    assert [item.address for item in inputs_of([f"{folder}/"])] == expected
    assert [item.address for item in inputs_of([joined(folder, "b", "*9.mp4")])] == expected[1:2]
    assert [item.name for item in inputs_of([expected[2]])] == ["gate10.mp4"]


def test_a_file_whose_name_looks_like_a_pattern_is_found(memory: str) -> None:
    address = joined(memory, "gate [1].mp4")
    Store(memory).write(address, b"1")
    assert [item.address for item in inputs_of([address])] == [address]


def test_what_is_not_there_or_holds_no_video_is_told(memory: str) -> None:
    Store(memory).write(joined(memory, "t", "a.txt"), b"1")
    Store(memory).write(joined(memory, "i", "a.jpg"), b"1")
    items = inputs_of([joined(memory, name) for name in ("none.mp4", "*.mp4", "t", "i")])
    assert isinstance(items[0].error, SourceNotFoundError)
    assert str(items[1].error) == f"No video matches {memory}/*.mp4; check the pattern."
    assert str(items[2].error) == f"{memory}/t holds no video; name another folder."
    assert "images only" in str(items[3].error)


def test_empty_and_unreadable_files_are_told_as_those_on_a_disk(memory: str) -> None:
    Store(memory).write(joined(memory, "empty.mp4"), b"")
    Store(memory).write(joined(memory, "text.mp4"), b"no video at all" * 100)
    with (
        pytest.raises(SourceFormatError, match="nothing was recorded"),
        FileSource(joined(memory, "empty.mp4")),
    ):
        pass
    with (
        pytest.raises(SourceFormatError, match="not a video that FFmpeg"),
        FileSource(joined(memory, "text.mp4")),
    ):
        pass


def test_a_recording_without_its_index_is_told_in_a_store_too(memory: str, tmp_path: Path) -> None:
    whole = encode(tmp_path / "whole.mp4", pictures()).read_bytes()
    address = joined(memory, "cut.mp4")
    Store(memory).write(address, whole[: whole.index(b"moov") - 4])
    with pytest.raises(SourceFormatError, match="without its index"), FileSource(address):
        pass


def test_neither_inputs_nor_errors_show_a_password() -> None:
    (item,) = inputs_of(["sftp://user:secret@127.0.0.1:1/a.mp4"])
    assert "secret" not in repr(item)
    assert "secret" not in str(item.error)
    assert item.shown == "sftp://127.0.0.1:1/a.mp4"
    assert item.name == "a.mp4"
