"""What the judging can be told from outside."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MotionParameters:
    """The limits of motion; lengths are fractions of the diagonal, areas of the frame.

    `k_sigma` is the width of μ ± kσ, named in explanations. A region counts that is of `min_area_fraction` to
    `max_area_fraction`, has lived for `min_duration_s`, has travelled `min_displacement_fraction` and also
    half its own size, with a coherence of `min_coherence`, and for longer where it was faster than
    `max_speed_per_s`. An event ends `event_gap_s` after the last of them
    was seen, or `exit_gap_s` after all left over the border; one that is still for `rest_s` holds it no
    longer. `sensitivities` gives for a zone's name the factor by which its limits are lower.
    """

    k_sigma: float
    min_area_fraction: float
    max_area_fraction: float
    min_duration_s: float
    min_displacement_fraction: float
    min_coherence: float
    max_speed_per_s: float
    event_gap_s: float
    exit_gap_s: float
    rest_s: float
    sensitivities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PictureParameters:
    """The limits for the picture as a whole.

    `kl_threshold_nats` and `light_ratio` (a factor within a second) tell a change of light, `covered_s`,
    `defocused_s` and `frozen_s` are how long each must last, `moved_fraction` is the shift of the picture
    that says the camera was turned. `left_s` and `removed_s` are for how long an object or its place is
    still.
    """

    kl_threshold_nats: float
    light_ratio: float
    covered_s: float
    defocused_s: float
    frozen_s: float
    moved_fraction: float
    left_s: float
    removed_s: float


@dataclass(frozen=True, slots=True)
class DetectorLimits:
    """From which score of the detector `name` something is detected, below which it is over, and after how
    long each."""

    name: str
    open_at: float
    close_at: float
    open_after_s: float
    close_after_s: float


@dataclass(frozen=True, slots=True)
class JudgeParameters:
    """All limits of the judge."""

    motion: MotionParameters
    picture: PictureParameters
    detectors: tuple[DetectorLimits, ...] = ()
