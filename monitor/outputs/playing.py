"""What a video file holds, and which browsers play it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import av
from av.error import FFmpegError

from monitor.errors import SourceFormatError, SourceNotFoundError
from monitor.outputs.recording.codedfile import BEGINS_KEY, begins_s


class Plays(StrEnum):
    """In which browsers a video plays."""

    EVERYWHERE = "everywhere"
    SOME = "some"
    """Where the system or the graphics card has a decoder."""

    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What is known of a video file. `media_type` names container and codec (RFC 6381) as browsers ask it.

    `duration_s` is None while the file grows; `begins_s` is when it begins, in seconds from the start of its
    source as in event records, None where the file does not say.
    """

    codec: str
    media_type: str
    width_px: int
    height_px: int
    duration_s: float | None
    plays: Plays
    begins_s: float | None = None


_SOMEWHERE = {
    "hevc": "hvc1",  # Safari; others with hardware
    "av1": "av01",
    "vp9": "vp09",
}

_PLAIN = frozenset({"yuv420p", "yuvj420p"})
"""Of H.264, what every decoder in a browser takes: eight bits, 4:2:0."""

_MP4 = frozenset({".mp4", ".mov", ".m4v"})


def video_facts(path: Path) -> VideoFacts:
    """Return what a file holds, from its head; raises `SourceNotFoundError` and `SourceFormatError`."""
    try:
        with av.open(str(path), "r") as container:
            stream = container.streams.video[0]
            context, codec = stream.codec_context, stream.codec_context.codec.canonical_name
            length_us = container.duration
            plays, parameter = _playing(codec, context.pix_fmt, context.extradata, path.suffix)
            return VideoFacts(
                codec=codec,
                media_type=f'{media_type_of(path)}; codecs="{parameter}"',
                width_px=context.width,
                height_px=context.height,
                duration_s=None if length_us is None else length_us / 1e6,
                plays=plays,
                begins_s=_begins_s(container.metadata),
            )
    except FileNotFoundError as error:
        raise SourceNotFoundError(f"{path.name}: there is no such file any more.") from error
    except (FFmpegError, IndexError) as error:
        raise SourceFormatError(f"{path.name}: holds no video that can be read.") from error


def _begins_s(tags: Mapping[str, str]) -> float | None:
    # Matroska gives its tags back in capitals.
    return next((begins_s(note) for key, note in tags.items() if key.lower() == BEGINS_KEY), None)


def media_type_of(path: Path) -> str:
    """Return the media type of a file that the program writes."""
    return _TYPES.get(path.suffix.lower(), "application/octet-stream")


_TYPES = {
    ".mp4": "video/mp4",
    ".mkv": "video/x-matroska",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".jsonl": "application/x-ndjson",
    ".csv": "text/csv",
}


def _playing(codec: str, pixels: str | None, header: bytes | None, suffix: str) -> tuple[Plays, str]:
    """Return where a codec plays, and its name in RFC 6381."""
    if suffix.lower() not in _MP4:
        return Plays.NOWHERE, codec
    if codec == "h264":
        # The three bytes behind the version in an AVC decoder configuration record (ISO/IEC 14496-15).
        has_record = header is not None and len(header) > 4 and header[0] == 1
        name = f"avc1.{header[1:4].hex()}" if header is not None and has_record else "avc1"
        return Plays.EVERYWHERE if pixels in _PLAIN else Plays.SOME, name
    if codec in _SOMEWHERE:
        return Plays.SOME, _SOMEWHERE[codec]
    return Plays.NOWHERE, codec
