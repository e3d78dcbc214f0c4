"""All that is measured on one frame; nothing here is judged.

Lengths and areas are fractions of the frame (x and width of its width, y and height of its height,
areas of its area), so that scores mean the same at every size.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Box(NamedTuple):
    """An upright rectangle as fractions of the frame, 0 to 1, origin top left."""

    x: float
    y: float
    width: float
    height: float


class State(StrEnum):
    """How far the background model can be trusted."""

    WARMING_UP = "warming_up"
    WATCHING = "watching"
    RELEARNING = "relearning"


class FlowVector(NamedTuple):
    """A followed corner: where it was (fractions of the frame) and its move in fractions per second."""

    x: float
    y: float
    dx_per_s: float
    dy_per_s: float


@dataclass(frozen=True, slots=True)
class TrackScore:
    """One region as followed up to this frame.

    `peak_sigma` is a high percentile of the region's distance from μ in units of σ. `contrast` the
    mean absolute luma difference from μ in grey levels. `age_s` counts from the track's first
    sight. `displacement_fraction` is the distance, in frame diagonals, that
    it travelled net since it was first seen or last leapt; `path_fraction` the length of its way since then.
    `coherence` is the length of the mean flow
    vector over the mean length of the vectors, 0 (a dancer) to 1 (a traveller), None without corners.
    `speed_per_s` is in frame diagonals per second; `direction_deg` clockwise from the right, None where
    it does not move. `outline_ratio` is the share of the region's outline that lies on edges of the
    picture rather than of the model: high for an object, low for the ghost it left.
    `zones` gives for each include zone that it touches the share of its area inside.
    `visible` is false while it is expected but not seen. `see_through` is how far the background's texture
    shows in it, 0 (an object) to 1 (light, shadow, mist), None where the background has none.
    """

    id: int
    box: Box
    centre: tuple[float, float]
    area_fraction: float
    peak_sigma: float
    contrast: float
    age_s: float
    displacement_fraction: float
    path_fraction: float
    speed_per_s: float
    direction_deg: float | None
    coherence: float | None
    outline_ratio: float | None
    still_s: float
    touches_border: bool
    zones: tuple[tuple[str, float], ...] = ()
    visible: bool = True
    see_through: float | None = None


class DetectorScore(NamedTuple):
    """What a plugged-in detector says of a frame, in its own unit; None where it cannot tell."""

    name: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Scores:
    """The measurements of one frame.

    `foreground_fraction` is the share of watched pixels in the mask before small regions are dropped.
    `kl_previous_nats` and `kl_reference_nats` are Kullback-Leibler distances of the smoothed luma
    histogram to the frame before and to a slow reference. `gain` is the median light gain that was
    compensated (1.0 none), `gain_spread` the difference of its natural logarithm between the brightest and
    the darkest part. `camera_move` is the picture's shift against the frame before as
    fractions of the frame (dx, dy), None where it has none in common. `sharpness` is the gradient's strength
    over the model's (1.0 as learnt), `structure` the share of the model's edges that the picture still has:
    near 1 for the same place, about 0.1 for another. `mean_luma` and `luma_deviation` are in grey levels,
    `change_previous` is the mean absolute luma difference to the frame before in grey levels. `corrupt` is
    true where the picture was kept out of the model as perhaps damaged, `accepted` on the first one after
    that if the change stayed. `layout` is the correlation of the coarse brightness with the model's: what
    blur leaves as it was. `offset` is by how much the place is out of its learnt position as fractions of
    the frame (dx, dy), None where it is not found. `steadied` says that the picture of a shaking camera was
    brought back to the learnt place before it was compared with it. `detectors` are the scores of those that
    are plugged in.
    """

    index: int
    time_s: float
    wall_time: datetime | None
    state: State
    foreground_fraction: float
    tracks: tuple[TrackScore, ...]
    flow: tuple[FlowVector, ...]
    kl_previous_nats: float | None
    kl_reference_nats: float | None
    gain: float
    gain_spread: float
    camera_move: tuple[float, float] | None
    sharpness: float | None
    structure: float | None
    mean_luma: float
    luma_deviation: float
    change_previous: float | None
    corrupt: bool = False
    accepted: bool = False
    layout: float | None = None
    offset: tuple[float, float] | None = None
    steadied: bool = False
    detectors: tuple[DetectorScore, ...] = ()
