"""The rules that tell a traveller from what only seems to move."""

import math

from monitor.analysis.scores import TrackScore
from monitor.events.candidate import Candidate
from monitor.events.parameters import MotionParameters
from monitor.events.refusal import Refusal
from monitor.events.zones import sensitivity_of

_FAST_S = 0.8
"""What crosses the picture very fast is believed if it is seen for this long, as a car near by is."""

_NEAR_PER_S = 0.2
_SIZES_PER_S = 2.5
_STEADY_SHARE = 0.7
"""What goes a fifth of the diagonal and more than two and a half times its own size in a second is a vehicle,
or something small close to the lens: a vehicle's way is straight, at least seven tenths of it lead on."""

_KEPT_SHARE = 0.5
"""Of the way that counts so much must be one that it did not leap since."""

_SEE_THROUGH = 0.8
"""Measured on generated scenes: beams and shadows show the background in 0.85 to 1.0 of their area, a walker
with his shadow in 0.3 to 0.6, a car with the beams of its headlights in up to 0.7."""

FEW_OTHERS = 2
_OTHERS = 1.5
_FARTHEST = 6.0
"""Two others that got nowhere may be anybody's arms and shadows; one and a half more make the way longer by
its own length, up to six times: further than that leaves and flakes are not taken for one another."""


def failed_rule(
    track: TrackScore, candidate: Candidate, limits: MotionParameters, others: int = 0
) -> Refusal | None:
    """Return the first rule that says this is no traveller; None if none does.

    `others` is how many like it there are or were near by that got nowhere.
    """
    share = 1.0 / sensitivity_of(track, limits.sensitivities)
    return (
        _failed_area(track, limits, share)
        or _failed_stay(track, candidate, limits)
        or _failed_way(track, candidate, limits, share, others)
        or _failed_speed(track, candidate, limits)
        or _failed_coherence(track, limits)
    )


def _failed_area(track: TrackScore, limits: MotionParameters, share: float) -> Refusal | None:
    area, least = track.area_fraction, limits.min_area_fraction * share
    if area < least:
        why = f"its area of {area:.2%} of the frame is below {least:.2%}"
        return Refusal("min_area", why, area, least)
    if area > limits.max_area_fraction:
        return Refusal(
            "max_area",
            f"its area of {area:.0%} of the frame is above {limits.max_area_fraction:.0%}: "
            "that is the light or the camera",
            area,
            limits.max_area_fraction,
        )
    return None


def _failed_stay(track: TrackScore, candidate: Candidate, limits: MotionParameters) -> Refusal | None:
    if track.age_s < limits.min_duration_s:
        why = f"it lasted {track.age_s:.2f} s, less than {limits.min_duration_s:g} s"
        return Refusal("min_duration", why, track.age_s, limits.min_duration_s)
    if candidate.has_faded:
        return Refusal(
            "faded",
            f"it has {track.peak_sigma:.1f} σ left of {candidate.sigma:.1f} σ and no outline of its own",
        )
    if track.still_s > limits.rest_s:
        why = f"it has been still for {track.still_s:.0f} s"
        return Refusal("at_rest", why, track.still_s, limits.rest_s)
    return None


def _failed_way(
    track: TrackScore, candidate: Candidate, limits: MotionParameters, share: float, others: int
) -> Refusal | None:
    way = max(limits.min_displacement_fraction, 0.5 * _size(track)) * share
    if candidate.displacement_fraction < way or candidate.way_fraction < _KEPT_SHARE * way:
        travelled = candidate.displacement_fraction
        why = f"it travelled {travelled:.1%} of the diagonal, less than {way:.1%}"
        return Refusal("min_displacement", why, travelled, way)
    if is_seen_through(candidate):
        return Refusal(
            "see_through",
            f"the background shows through {candidate.see_through:.0%} of it (limit {_SEE_THROUGH:.0%}): "
            "it is light, shadow, or a thing blurred close to the lens",
            candidate.see_through,
            _SEE_THROUGH,
        )
    farther = way * min(1 + (others - FEW_OTHERS) / _OTHERS, _FARTHEST)
    if others > FEW_OTHERS and candidate.way_fraction < farther:
        return Refusal(
            "restless",
            f"{others} things like it near by got nowhere, as rain, leaves and ripples do; among them it "
            f"would have to travel {farther:.1%} of the diagonal and not {candidate.way_fraction:.1%}",
            candidate.way_fraction,
            farther,
        )
    return None


def _failed_speed(track: TrackScore, candidate: Candidate, limits: MotionParameters) -> Refusal | None:
    speed, size = candidate.displacement_fraction / max(track.age_s, 1e-3), _size(track)
    if speed > limits.max_speed_per_s and track.age_s < _FAST_S:
        return Refusal(
            "max_speed",
            f"it crossed {speed:.1f} diagonals a second (limit {limits.max_speed_per_s:g}) "
            f"and was gone within {_FAST_S:g} s: an insect or a bird close to the lens",
            speed,
            limits.max_speed_per_s,
        )
    straight = track.displacement_fraction >= _STEADY_SHARE * track.path_fraction
    if speed > max(_NEAR_PER_S, _SIZES_PER_S * size) and not straight:
        return Refusal(
            "winding",
            f"it went {speed / size:.1f} times its own size a second (limit {_SIZES_PER_S:g}) on a way of "
            f"{track.path_fraction:.1%} of the diagonal that led only {track.displacement_fraction:.1%} on: "
            "an insect close to the lens",
            speed / size,
            _SIZES_PER_S,
        )
    return None


def _failed_coherence(track: TrackScore, limits: MotionParameters) -> Refusal | None:
    if track.coherence is None or track.coherence >= limits.min_coherence:
        return None
    return Refusal(
        "min_coherence",
        f"its motion has coherence {track.coherence:.2f}, below {limits.min_coherence:g}: "
        "it dances and does not travel",
        track.coherence,
        limits.min_coherence,
    )


def is_seen_through(candidate: Candidate) -> bool:
    """Return whether the background shows through it."""
    return candidate.see_through is not None and candidate.see_through > _SEE_THROUGH


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
