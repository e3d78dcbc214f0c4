"""One picture of a source with its place in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
"""One 8-bit image plane, (H, W)."""

Bgr = NDArray[np.uint8]
"""A colour picture, (H, W, 3), blue green red, 0 to 255, full range."""


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Chroma(NamedTuple):
    """The two colour-difference planes as decoded, uint8 (h, w) each, neutral at 128.

    h and w may be smaller than the luma plane's (4:2:0 halves both).
    """

    u: Plane
    v: Plane


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture, read-only.

    `luma` is uint8 (H, W), normally a view of the decoder's Y plane without a copy, upright (rotation
    metadata applied), in the range in which it was coded. `chroma` is None where the source is grey.
    `time_s` is the presentation time in seconds since the source's first frame; it strictly grows.
    `wall_time` is None where unknown. `damaged` is set where the decoder itself said so.
    """

    index: int
    time_s: float
    luma: Plane
    chroma: Chroma | None
    render: Callable[[], Bgr]
    wall_time: datetime | None = None
    damaged: bool = False

    @property
    def size(self) -> Size:
        """Width and height of the luma plane."""
        height, width = self.luma.shape
        return Size(width, height)

    def bgr(self) -> Bgr:
        """Return the picture in colour at source size; converted anew at each call, never kept."""
        return self.render()


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which a live source gave no picture.

    `start_s` is the time of the last picture before it, in seconds of the source; `end_s` that of the next
    picture, None while the signal is still gone. `why` is one clause fit to be shown, without credentials.
    `wall_time` is that of `start_s`.
    """

    start_s: float
    end_s: float | None
    why: str
    wall_time: datetime | None = None
