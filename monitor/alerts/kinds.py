"""Kinds of alerts in words, and those that concern the camera itself."""

from collections.abc import Mapping
from typing import Final

from monitor.events.event import Kind

NOTICE: Final = "notice"
"""The kind of what the program tells of itself."""

INTEGRITY: Final = frozenset(
    (
        Kind.COVERED,
        Kind.BLINDED,
        Kind.DEFOCUSED,
        Kind.CAMERA_MOVED,
        Kind.FROZEN,
        Kind.CORRUPT_FRAME,
        Kind.SIGNAL_LOST,
    )
)
"""Kinds that say that the camera does not see as it should."""

URGENT: Final = INTEGRITY | {NOTICE}
"""Kinds that may be told in quiet hours and while disarmed."""

WORDS: Final[Mapping[str, str]] = {
    Kind.MOTION: "Motion",
    Kind.LIGHT_CHANGE: "The light changed",
    Kind.SCENE_CHANGE: "The scene changed",
    Kind.OBJECT_LEFT: "Something was left",
    Kind.OBJECT_REMOVED: "Something was removed",
    Kind.COVERED: "Camera covered",
    Kind.BLINDED: "Camera blinded",
    Kind.DEFOCUSED: "Camera out of focus",
    Kind.CAMERA_MOVED: "Camera moved",
    Kind.FROZEN: "Picture frozen",
    Kind.CORRUPT_FRAME: "Picture damaged",
    Kind.SIGNAL_LOST: "Signal lost",
    Kind.DETECTED: "Something was detected",
    NOTICE: "Notice",
}


def in_words(kind: str) -> str:
    """Return a kind as a headline says it; one that is not known as it is."""
    return WORDS.get(kind, kind)
