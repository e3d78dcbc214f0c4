"""Which files are images or videos, and their natural order; loads no decoder."""

import re
from collections.abc import Iterable
from pathlib import Path

IMAGE_SUFFIXES = {
    ".avif", ".bmp", ".dib", ".gif", ".jp2", ".jpe", ".jpeg", ".jpg", ".pbm", ".pgm", ".png", ".pnm",
    ".ppm", ".ras", ".tif", ".tiff", ".webp",
}  # fmt: skip
"""Names of still pictures that OpenCV reads, in lower case."""

VIDEO_SUFFIXES = {
    ".264", ".265", ".3gp", ".asf", ".avi", ".dav", ".divx", ".dv", ".f4v", ".flv", ".h264", ".h265", ".hevc",
    ".ivf", ".m2ts", ".m2v", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
    ".mxf", ".ogg", ".ogv", ".rm", ".ts", ".vob", ".webm", ".wmv", ".y4m",
}  # fmt: skip
"""Names by which a video is found in a folder; a file that is named outright may be called anything."""


def is_image(path: Path) -> bool:
    """Tell by its name whether a file is a still picture."""
    return path.suffix.lower() in IMAGE_SUFFIXES


def is_video(path: Path) -> bool:
    """Tell by its name whether a file is a video."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def natural_order(paths: Iterable[Path]) -> list[Path]:
    """Return the paths with the numbers in their names in order of value: frame2 before frame10."""
    return sorted(paths, key=lambda path: (_natural_key(str(path)), str(path)))


def _natural_key(text: str) -> list[tuple[bool, int, str]]:
    parts = re.split(r"([0-9]+)", text.casefold())
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
