"""How two pictures are to be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.errors import UsageError
from monitor.frames import Plane

Align = Literal["shift", "similarity", "homography"]
Channels = Literal["luma", "each"]
Polygon = Sequence[tuple[float, float]]
"""Corners x, y as fractions of the picture, 0 to 1, origin top left; it closes by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """What is done to two pictures before they are measured, and what counts as different.

    `resize` brings B to A's size where they differ. `align` brings B onto A: `shift` for a camera that was
    pushed, `similarity` also for one that was turned or zoomed, `homography` also for one that looks at a
    plane from elsewhere. `normalise` takes a difference in exposure out of the measures (boxes never have
    it). `blur_px` is the deviation of a Gaussian in pixels of A that takes out noise, 0 for none.
    `channels` compares luma alone or blue, green and red `each`. `edges` compares the strength of edges
    (Sobel) in the place of levels.

    `include` and `exclude` are polygons; `mask`, uint8 (H, W) of A's shape, is 0 where nothing counts.
    A pixel differs by itself from `k_sigma` times the pair's own noise on: higher finds less. With
    `notice_shift` it is looked whether B is A from a camera that was pushed, where nobody asked for `align`.
    `coded` says that a lossy codec had a part in the pictures: where most pixels are equal all the same, the
    others are not taken for a change by that alone.
    """

    resize: bool = False
    align: Align | None = None
    normalise: bool = False
    blur_px: float = 0.0
    channels: Channels = "luma"
    edges: bool = False
    include: Sequence[Polygon] = ()
    exclude: Sequence[Polygon] = ()
    mask: Plane | None = None
    k_sigma: float = 5.0
    notice_shift: bool = True
    coded: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.blur_px <= 100:
            raise UsageError(f"the blur is {self.blur_px} pixels; give 0 to 100.")
        if not self.k_sigma > 0:
            raise UsageError(f"k is {self.k_sigma}; give a number above 0, as 5.")
