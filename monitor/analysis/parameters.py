"""What the measuring can be told from outside."""

from dataclasses import dataclass

from monitor.analysis.foreground import ModelParameters
from monitor.analysis.watched import Zone


@dataclass(frozen=True, slots=True)
class Parameters:
    """What decides how frames are measured; every field comes from a setting.

    `max_height_px` bounds the analysis size, `warm_up_s` is the span from which a model is learnt,
    `min_region_fraction` the least area of a region, `learn_interval_s` the least time between two steps of
    learning, `kl_threshold_nats` keeps damaged pictures out of the model for at most `settle_s`,
    `most_corners` bounds the flow. A still ghost is absorbed after `ghost_s`, all else that is
    still after `absorb_s`.
    """

    model: ModelParameters
    max_height_px: int
    warm_up_s: float
    min_region_fraction: float
    learn_interval_s: float
    kl_threshold_nats: float
    settle_s: float
    most_corners: int
    ghost_s: float
    absorb_s: float
    zones: tuple[Zone, ...] = ()
