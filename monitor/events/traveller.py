"""The rules that tell a traveller from what only seems to move."""

import math

from monitor.analysis.scores import TrackScore
from monitor.events.candidate import Candidate
from monitor.events.parameters import MotionParameters
from monitor.events.zones import sensitivity_of

_FAST_S = 0.8
"""What crosses the picture very fast is believed if it is seen for this long, as a car near by is."""


def failed_rule(track: TrackScore, candidate: Candidate, limits: MotionParameters) -> tuple[str, str] | None:
    """Return the first rule that says this is no traveller, with the sentence; None if none does."""
    share = 1.0 / sensitivity_of(track, limits.sensitivities)
    area, least = candidate.best.area_fraction, limits.min_area_fraction * share
    if area < least:
        return "min_area", f"its area of {area:.2%} of the frame is below {least:.2%}"
    if track.area_fraction > limits.max_area_fraction:
        return "max_area", (
            f"its area of {track.area_fraction:.0%} of the frame is above "
            f"{limits.max_area_fraction:.0%}: that is the light or the camera"
        )
    if track.age_s < limits.min_duration_s:
        return "min_duration", f"it lasted {track.age_s:.2f} s, less than {limits.min_duration_s:g} s"
    if candidate.has_faded:
        return "faded", (
            f"it has {track.peak_sigma:.1f} σ left of {candidate.sigma:.1f} σ and no outline of its own"
        )
    if track.still_s > limits.rest_s:
        return "at_rest", f"it has been still for {track.still_s:.0f} s"
    way = max(limits.min_displacement_fraction, 0.5 * _size(track)) * share
    if candidate.displacement_fraction < way:
        return "min_displacement", (
            f"it travelled {candidate.displacement_fraction:.1%} of the diagonal, less than {way:.1%}"
        )
    speed = candidate.displacement_fraction / max(track.age_s, 1e-3)
    if speed > limits.max_speed_per_s and track.age_s < _FAST_S:
        return "max_speed", (
            f"it crossed {speed:.1f} diagonals a second (limit {limits.max_speed_per_s:g}) "
            f"and was gone within {_FAST_S:g} s: an insect or a bird close to the lens"
        )
    if track.coherence is not None and track.coherence < limits.min_coherence:
        return "min_coherence", (
            f"its motion has coherence {track.coherence:.2f}, below {limits.min_coherence:g}: "
            "it dances and does not travel"
        )
    return None


def why_it_travels(track: TrackScore, candidate: Candidate, limits: MotionParameters) -> str:
    """Return the sentence that says why this opens an event, each value beside its limit."""
    share = 1.0 / sensitivity_of(track, limits.sensitivities)
    way = max(limits.min_displacement_fraction, 0.5 * _size(track)) * share
    steady = "" if track.coherence is None else f" with coherence {track.coherence:.2f}"
    return (
        f"region {track.id}: {candidate.best.area_fraction:.2%} of the frame "
        f"(limit {limits.min_area_fraction * share:.2%}), "
        f"{track.peak_sigma:.1f} σ from the background (limit {limits.k_sigma:g} σ), "
        f"seen for {track.age_s:.2f} s (limit {limits.min_duration_s:g} s), "
        f"travelled {candidate.displacement_fraction:.1%} of the diagonal (limit {way:.1%}){steady}"
    )


def _size(track: TrackScore) -> float:
    """Return the side of a square of the region's area, as a fraction of the diagonal."""
    return math.sqrt(track.area_fraction / 2.0)
