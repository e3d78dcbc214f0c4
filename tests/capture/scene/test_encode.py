from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from monitor.capture.file import FileSource
from monitor.capture.scene.actors import Walker
from monitor.capture.scene.encode import write_cdnet, write_video
from monitor.capture.scene.scene import Scene
from monitor.errors import OutputError, UsageError
from monitor.frames import Size

FINE_JPEG = {"qmin": "2", "qmax": "2"}


def scene(full_range: bool = False, rate_hz: float = 25.0) -> Scene:
    return Scene(
        (Walker(-1.0, 2.0),), size=Size(96, 64), rate_hz=rate_hz, duration_s=0.4, full_range=full_range
    )


@pytest.mark.parametrize(
    ("codec", "suffix", "full_range"),
    [("libx264", "mp4", False), ("libx264", "mkv", True), ("mjpeg", "avi", True)],
)
def test_a_written_video_gives_back_the_planes(
    tmp_path: Path, codec: str, suffix: str, full_range: bool
) -> None:
    path = tmp_path / f"scene.{suffix}"
    write_video(scene(full_range), path, codec=codec, crf=10, options=FINE_JPEG if codec == "mjpeg" else None)
    with FileSource(str(path)) as source:
        frames = list(source)
    pictures = list(scene(full_range).pictures())
    assert [f.time_s for f in frames] == pytest.approx([p.time_s for p in pictures], abs=1e-3)
    for frame, picture in zip(frames, pictures, strict=True):
        # A compressed fine texture is off by a few levels; a wrong range by more than ten.
        assert np.abs(frame.luma.astype(float) - picture.luma).mean() < 5


def test_a_video_says_its_range_and_rate(tmp_path: Path) -> None:
    path = tmp_path / "scene.mp4"
    write_video(scene(full_range=True, rate_hz=12.5), path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 12.5
        assert stream.codec_context.color_range == 2


def test_motion_jpeg_in_limited_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="full_range=True"):
        write_video(scene(), tmp_path / "scene.avi", codec="mjpeg")


def test_an_encoder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no encoder babble"):
        write_video(scene(), tmp_path / "scene.mp4", codec="babble")


def test_a_video_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"scene\.mp4 cannot be written"):
        write_video(scene(), tmp_path / "missing" / "scene.mp4")


def test_a_cdnet_folder_has_pictures_masks_and_the_counting_frames(tmp_path: Path) -> None:
    write_cdnet(scene(), tmp_path, first_frame=3)
    assert [p.name for p in sorted((tmp_path / "input").iterdir())][::9] == ["in000001.jpg", "in000010.jpg"]
    assert (tmp_path / "temporalROI.txt").read_text().split() == ["3", "10"]
    for number, picture in enumerate(scene().pictures(), 1):
        mask = cv2.imread(str(tmp_path / f"groundtruth/gt{number:06d}.png"), cv2.IMREAD_GRAYSCALE)
        assert mask is not None
        assert np.array_equal(mask, picture.mask)
