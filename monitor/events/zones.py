"""What zones a track is in, and what that changes."""

from collections.abc import Mapping

from monitor.analysis.scores import TrackScore

_INSIDE_SHARE = 0.25
"""A region is in a zone when a quarter of it is: feet in the driveway, head above its far edge."""


def zones_of(track: TrackScore) -> tuple[str, ...]:
    """Return the names of the include zones that the region is in."""
    return tuple(name for name, share in track.zones if share >= _INSIDE_SHARE)


def sensitivity_of(track: TrackScore, sensitivities: Mapping[str, float]) -> float:
    """Return the highest sensitivity of the zones that the region is in; 1 outside all of them."""
    return max((sensitivities.get(name, 1.0) for name in zones_of(track)), default=1.0)
