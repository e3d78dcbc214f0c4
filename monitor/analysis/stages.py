"""The stages of the analysis by name, for whoever has a clock to time them."""

from collections.abc import Callable

SHRINK = "shrink"
"""The frame's planes to analysis size."""

HISTOGRAM = "histogram"
"""Is it damaged, is it another place: KL distances and mean changes."""

ALIGN = "align"
"""Where the picture of a shaking camera lies."""

COMPARE = "compare"
"""What leaves μ ± kσ, under the present light, without shadows."""

REGIONS = "regions"
"""Outlines of what is connected, and which of them are believed."""

PLACE = "place"
"""Is this still the learnt place, and sharp?"""

FOLLOW = "follow"
"""Corners, flow, tracks, and what is measured on each."""

LEARN = "learn"
"""μ, σ and flicker."""

DESCRIBE = "describe"
"""All that was measured as scores."""

Lap = Callable[[str], None]
"""Told the name of each stage at its end."""


def untimed(stage: str) -> None:
    """Take no time of any stage."""
