"""Coded pictures as a live source gives them, before decoding: what is recorded is these, unchanged."""

from collections.abc import Callable
from dataclasses import dataclass

from monitor.frames import Size


@dataclass(frozen=True, slots=True)
class CodedFormat:
    """How the pictures of a source are coded.

    `codec` is FFmpeg's name ("h264", "hevc", "mjpeg"), `extradata` its out-of-band header (SPS and PPS),
    empty where the pictures carry it themselves. A source that changes its format gives another object that
    is not equal to this one.
    """

    codec: str
    size: Size
    extradata: bytes = b""


@dataclass(frozen=True, slots=True)
class CodedPicture:
    """One coded picture.

    `time_s` and `decode_s` are presentation and decoding time in seconds of the source, the same clock as
    `Frame.time_s`; `is_key` says that decoding can begin here.
    """

    data: bytes
    time_s: float
    decode_s: float
    is_key: bool
    format: CodedFormat


CodedTap = Callable[[CodedPicture], None]
"""Is handed every coded picture in decoding order, in the source's own thread; must return at once."""
