"""What a live source offers beyond every other source."""

from collections.abc import Callable
from typing import Protocol

from monitor.capture.coded import CodedTap
from monitor.capture.source import Source

Wanted = Callable[[float], bool]
"""Says of a moment whether a frame of it is wanted."""


def always(time_s: float) -> bool:
    """Want every frame."""
    return True


class LiveSource(Source, Protocol):
    """A source that is never done by itself: the end of its iteration is a loss of signal.

    `reads` counts what was read of it, also before the first picture can be shown; read from another thread,
    it tells whether the source still lives. Times count from the first coded picture or frame, whichever
    came first.

    `is_wanted` is set before iterating and asked once for each picture, with its time: where it says no, no
    frame is made. What can be left out of the work for such a picture is the source's to know.
    `is_catching_up` is true while frames come whose pictures lay undecoded: many at once, that may be late.
    """

    reads: int
    is_wanted: Wanted

    @property
    def is_catching_up(self) -> bool:
        """See above."""
        ...


OpenSource = Callable[[CodedTap | None], LiveSource]
"""Makes a source that is not open yet; its coded pictures go to the tap."""
