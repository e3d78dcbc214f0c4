"""Scenes as files: an encoded video, and folders in the layout of CDnet."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from monitor.capture.scene.scene import Picture, Scene
from monitor.errors import OutputError, UsageError

_FULL_RANGE, _LIMITED_RANGE = 2, 1
"""AVCOL_RANGE_JPEG and AVCOL_RANGE_MPEG of FFmpeg."""


def write_video(
    scene: Scene, path: Path, *, codec: str = "libx264", crf: int = 23, options: dict[str, str] | None = None
) -> None:
    """Write the scene as a video; the container goes by the path's suffix.

    `crf` is the constant quality of encoders that have one (libx264, libx265), lower is better; `options` are
    further ones of the encoder. The planes are encoded as they are. Raises `UsageError` for Motion JPEG in
    limited range, `OutputError` where the encoder is missing or the file cannot be written.
    """
    if codec == "mjpeg" and not scene.full_range:
        raise UsageError("Motion JPEG holds full range alone; make the scene with full_range=True.")
    if codec not in av.codecs_available:
        raise OutputError(f"This build of FFmpeg has no encoder {codec}; use libx264 or mjpeg.")
    rate = Fraction(scene.rate_hz).limit_denominator(1001)
    try:
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=rate, options={"crf": str(crf), **(options or {})})
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height = scene.size
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.codec_context.color_range = _FULL_RANGE if scene.full_range else _LIMITED_RANGE
            for picture in scene.pictures():
                container.mux(stream.encode(_video_frame(picture, stream.pix_fmt, 1 / rate)))
            container.mux(stream.encode())
    except (OSError, av.FFmpegError) as error:
        raise OutputError(f"{path} cannot be written: {error}; check the folder and the codec.") from error


def _video_frame(picture: Picture, pix_fmt: str, time_base: Fraction) -> av.VideoFrame:
    width = picture.luma.shape[1]
    planes = (picture.luma, *picture.chroma)
    stacked = np.concatenate([plane.reshape(-1) for plane in planes]).reshape(-1, width)
    frame = av.VideoFrame.from_ndarray(stacked, format=pix_fmt)
    frame.pts, frame.time_base = picture.index, time_base
    frame.color_range = _FULL_RANGE if picture.full_range else _LIMITED_RANGE
    return frame


def write_cdnet(scene: Scene, folder: Path, *, first_frame: int = 1) -> None:
    """Write pictures and masks as CDnet has them: input/, groundtruth/ and temporalROI.txt.

    Frames are numbered from 1; those before `first_frame` do not count. The pictures are JPEG at quality 95.
    Raises `OutputError` where a file cannot be written.
    """
    for name in ("input", "groundtruth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(scene.pictures(), 1):
        _write(folder / "input" / f"in{number:06d}.jpg", picture.bgr(), [cv2.IMWRITE_JPEG_QUALITY, 95])
        _write(folder / "groundtruth" / f"gt{number:06d}.png", picture.mask, [])
    (folder / "temporalROI.txt").write_text(f"{first_frame} {scene.frame_count}\n", encoding="ascii")


def _write(path: Path, image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], options: list[int]) -> None:
    if not cv2.imwrite(str(path), image, options):
        raise OutputError(f"{path} cannot be written; check the folder's permissions and the disk.")
