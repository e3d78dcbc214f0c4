"""Which kinds of video this build of FFmpeg reads and writes, found by doing it."""

import io
import os
from dataclasses import dataclass

import av
import numpy as np

from monitor.health.check import Check, State

_SIDE_PX = 64
_GREY = 100
_NEAR_LEVELS = 12
"""How far a lossy codec may be off on plain grey: the conversion to luma and back costs a few levels."""


@dataclass(frozen=True, slots=True)
class Codec:
    """A decoder, an encoder and a container to try it with, and whether cameras use it every day."""

    decoder: str
    encoder: str
    common: bool
    container: str = "matroska"


CODECS = (
    Codec("h264", "libx264", True),
    Codec("hevc", "libx265", True),
    Codec("mpeg4", "mpeg4", True),
    Codec("mjpeg", "mjpeg", True),
    Codec("wmv2", "wmv2", False, "asf"),
    Codec("vp9", "libvpx-vp9", False),
    Codec("av1", "libsvtav1", False),
)

_QUIET = {"libx265": {"x265-params": "log-level=none"}}
"""Options that keep an encoder from writing to standard error."""


def codec_checks() -> list[Check]:
    """Return for each codec whether it is decoded, and whether H.264 can be written."""
    return [_decoder_check(codec) for codec in CODECS] + [_encoder_check()]


def _decoder_check(codec: Codec) -> Check:
    name = f"reads {codec.decoder}"
    missing = State.PROBLEM if codec.common else State.WARNING
    step = "install PyAV from PyPI, whose FFmpeg has it: pip install --force-reinstall av"
    if codec.decoder not in av.codecs_available:
        return Check(name, missing, "this FFmpeg has no decoder for it", step)
    try:
        tried = _tried(codec)
    except (av.FFmpegError, ValueError) as error:
        return Check(name, missing, f"failed: {error}", step)
    return Check(name, State.OK, "decoded a test clip" if tried else "present; no encoder to try it with")


def _encoder_check() -> Check:
    if "libx264" in av.codecs_available:
        return Check("writes H.264", State.OK, "libx264")
    step = "clips and annotated videos need it: pip install --force-reinstall av"
    return Check("writes H.264", State.PROBLEM, "this FFmpeg has no libx264", step)


def _tried(codec: Codec) -> bool:
    """Encode and decode three grey pictures; return False where nothing encodes them.

    Raises `ValueError` where other pictures come out, `av.FFmpegError`.
    """
    if codec.encoder not in av.codecs_available:
        return False
    os.environ.setdefault("SVT_LOG", "0")  # else SVT-AV1 writes to standard error
    clip = _encoded(codec)
    with av.open(clip, "r") as container:
        pictures = [picture.to_ndarray(format="gray") for picture in container.decode(video=0)]
    if len(pictures) != 3 or any(abs(float(p.mean()) - _GREY) > _NEAR_LEVELS for p in pictures):
        raise ValueError("what was decoded is not what was encoded")
    return True


def _encoded(codec: Codec) -> io.BytesIO:
    clip = io.BytesIO()
    grey = np.full((_SIDE_PX, _SIDE_PX, 3), _GREY, np.uint8)
    with av.open(clip, "w", format=codec.container) as container:
        stream = container.add_stream(codec.encoder, rate=25, options=_QUIET.get(codec.encoder, {}))
        assert isinstance(stream, av.VideoStream)
        stream.width = stream.height = _SIDE_PX
        stream.pix_fmt = "yuvj420p" if codec.encoder == "mjpeg" else "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
    clip.seek(0)
    return clip
