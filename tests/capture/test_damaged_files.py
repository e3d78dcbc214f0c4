"""Files that are cut off, overwritten, or no videos at all."""

import os
from pathlib import Path

import av
import numpy as np
import pytest

from monitor.capture.file import FileSource
from monitor.capture.source import Problems
from monitor.errors import SourceError, SourceFormatError, SourceNotFoundError
from monitor.frames import Frame
from tests.capture.encode import RATE_HZ, encode, luma_of, mean_difference, pictures

TRUTH = pictures(count=60)


def read(path: Path) -> tuple[list[Frame], Problems]:
    with FileSource(path, threads=2) as source:
        return list(source), source.problems


def textured_video(path: Path) -> Path:
    """Write pictures with so much texture that most of the file is coded samples."""
    rough = np.random.default_rng(1).integers(0, 256, (96, 128, 3), dtype=np.uint8)
    return encode(path, [np.roll(rough, shift, axis=1) for shift in range(60)], options={"g": "12"})


def cut(path: Path, fraction: float) -> Path:
    """Keep the first fraction of the file."""
    os.truncate(path, int(path.stat().st_size * fraction))
    return path


def overwrite_the_middle(path: Path, size_bytes: int) -> Path:
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + size_bytes] = np.random.default_rng(3).bytes(size_bytes)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        pytest.param("a.mp4", "libx264", {"movflags": "faststart"}, id="mp4"),
        pytest.param("a.mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}, id="fragmented-mp4"),
        pytest.param("a.mkv", "libx264", {}, id="mkv"),
        pytest.param("a.avi", "mpeg4", {}, id="avi"),
        pytest.param("a.avi", "mjpeg", {}, id="mjpeg-avi"),
    ],
)
def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_and_says_so(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = encode(
        tmp_path / name,
        TRUTH,
        codec=codec,
        pix_fmt=pix_fmt,
        options={"g": "6", "qmin": "2", "qmax": "8"},
        container_options=options,
    )
    frames, problems = read(cut(path, 0.6))
    assert 5 < len(frames) < 60
    assert problems.truncated
    assert mean_difference(frames[4].luma, luma_of(TRUTH[4], full_range=codec == "mjpeg")) < 6


def test_more_threads_lose_no_picture_at_the_cut(tmp_path: Path) -> None:
    path = cut(encode(tmp_path / "a.mp4", TRUTH, container_options={"movflags": "faststart"}), 0.9)
    counts = []
    for threads in (1, 2, 8):
        with FileSource(path, threads=threads) as source:
            counts.append(len(list(source)))
    assert counts == [counts[0]] * 3


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.ts", "a.wmv"])
def test_a_whole_file_is_not_called_cut_off(tmp_path: Path, name: str) -> None:
    codec = "wmv2" if name.endswith("wmv") else "mpeg4"
    frames, problems = read(encode(tmp_path / name, TRUTH, codec=codec))
    assert len(frames) == 60
    assert not problems.truncated


def test_a_last_picture_that_is_shown_long_is_not_called_cut_off(tmp_path: Path) -> None:
    frames, problems = read(encode(tmp_path / "a.mkv", TRUTH[:3], ticks=[0, 10, 500]))
    assert len(frames) == 3
    assert not problems.truncated


@pytest.mark.parametrize("name", ["a.mp4", "a.ts"])
def test_damage_in_the_middle_is_counted_and_reading_goes_on_to_the_end(tmp_path: Path, name: str) -> None:
    frames, problems = read(overwrite_the_middle(textured_video(tmp_path / name), 3000))
    assert frames[-1].time_s == pytest.approx(59 / RATE_HZ)
    assert len(frames) >= 50
    assert problems.damaged_packets + problems.damaged_frames >= 1
    assert not problems.truncated


def test_damaged_pictures_are_marked_and_their_number_agrees(tmp_path: Path) -> None:
    frames, problems = read(overwrite_the_middle(textured_video(tmp_path / "a.ts"), 300))
    assert sum(frame.damaged for frame in frames) == problems.damaged_frames >= 1
    assert not frames[0].damaged
    assert not frames[-1].damaged


def test_damage_leaves_a_sentence_that_names_the_place(tmp_path: Path) -> None:
    _, problems = read(overwrite_the_middle(textured_video(tmp_path / "a.mp4"), 3000))
    assert problems.damaged_packets == len(problems.messages) > 0
    assert all("packet" in message for message in problems.messages)


def refusal(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught, FileSource(path):
        pass
    return caught.value


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    error = refusal(tmp_path / "gone.mp4")
    assert isinstance(error, SourceNotFoundError)
    assert "gone.mp4 does not exist" in str(error)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert "is empty (0 bytes)" in str(refusal(tmp_path / "a.mp4"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "is a folder" in str(refusal(tmp_path))


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "device or a pipe" in str(refusal(tmp_path / "pipe.mp4"))


def test_text_that_is_named_as_a_video_is_no_video(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("Dear diary,\n" * 200)
    error = refusal(tmp_path / "a.mp4")
    assert isinstance(error, SourceFormatError)
    assert "is not a video that FFmpeg can read" in str(error)


def test_an_mp4_without_its_index_is_named_as_that(tmp_path: Path) -> None:
    path = cut(encode(tmp_path / "a.mp4", TRUTH), 0.6)
    error = refusal(path)
    assert isinstance(error, SourceFormatError)
    assert "without its index (moov)" in str(error)
    assert "untrunc" in str(error)


def test_an_absurd_box_size_is_no_mp4(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\1ftyp" + b"\xff" * 8 + b"isom" * 4)
    assert isinstance(refusal(tmp_path / "a.mp4"), SourceFormatError)


def test_a_file_that_cannot_be_searched_is_decoded_up_to_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = encode(tmp_path / "a.mp4", TRUTH)
    real_open = av.open

    class Unseekable:
        """A container that refuses to seek, as some do whose index is damaged."""

        def __init__(self, *args: object, **options: object) -> None:
            self.container = real_open(str(path))

        def __getattr__(self, name: str) -> object:
            return getattr(self.container, name)

        def seek(self, *_: object, **__: object) -> None:
            raise av.error.PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(av, "open", Unseekable)
    with FileSource(path, start_s=1.0) as source:
        frames = list(source)
    assert [frame.time_s for frame in frames] == pytest.approx([i / RATE_HZ for i in range(25, 60)])


def test_a_file_with_sound_alone_says_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    assert "holds no video stream, only audio" in str(refusal(path))


def test_a_video_of_which_nothing_can_be_decoded_is_refused(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", TRUTH[:3], codec="png", pix_fmt="rgb24")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\x89PNG", b"\x00\x00\x00\x00"))
    assert "holds no picture that can be decoded (png)" in str(refusal(path))


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = encode(tmp_path / "a.mp4", TRUTH[:3])
    denied = av.error.PermissionError(13, "Permission denied", str(path))

    def deny(*_: object, **__: object) -> None:
        raise denied

    # A stand-in, because no permission stops the administrator, who runs tests in containers.
    monkeypatch.setattr(av, "open", deny)
    assert "permission denied; grant read permission" in str(refusal(path))


def test_nothing_is_written_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    damaged = overwrite_the_middle(textured_video(tmp_path / "a.ts"), 3000)
    (tmp_path / "b.mp4").write_text("no video")
    capfd.readouterr()
    read(damaged)
    refusal(tmp_path / "b.mp4")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.avi", "mpeg4"), ("a.wmv", "wmv2"), ("a.ts", "libx264")],
)
def test_damage_anywhere_ends_in_pictures_or_in_one_of_our_errors(
    tmp_path: Path, name: str, codec: str
) -> None:
    whole = encode(tmp_path / name, TRUTH[:20], codec=codec).read_bytes()
    random = np.random.default_rng(5)
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(4):
            place = int(random.integers(len(whole) - 40))
            damaged[place : place + 40] = random.bytes(40)
        (tmp_path / name).write_bytes(damaged)
        try:
            times_s = [frame.time_s for frame in read(tmp_path / name)[0]]
        except SourceError:
            continue
        assert np.all(np.diff(times_s) > 0)
