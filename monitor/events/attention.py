"""How closely to look: what is plain needs fewer looks than what is in doubt."""

from monitor.analysis.scores import Scores, State, TrackScore
from monitor.events.parameters import MotionParameters

LONG_KNOWN_S = 2.0
"""Before this an event is still being measured: how far, how straight, how fast."""

_PLAIN_AGE_S = 1.0
_PLAIN_FACTOR = 2.0
"""Something plain is twice as large and stands out twice as far as is asked for, and has long been followed:
a dim cyclist, who is found in every second picture only, is not."""

ENOUGH_PLAIN = 2
"""A single one may be lost for a while, and with it the event: looked at half as often, somebody who handles
the camera is in pieces (`tamper_1`, recall 0.69 instead of 0.93). With two it stays as it is, looked at six
times a second instead of fifteen; and it is many that cost much to follow."""

_MOVING_S = 0.5
"""What stands is about to be taken for still, which is decided by time: it is looked at closely."""

_MOST_FOREGROUND = 0.2
_LEAST_STRUCTURE = 0.8
"""With more of the picture in motion, or less of the place to be seen, the camera itself may be the cause: a
hand before the lens, a turn. That is told within tenths of a second."""


def is_plain(track: TrackScore, limits: MotionParameters) -> bool:
    """Return whether a track is too plain, and too far inside the picture, to be lost between two looks."""
    return (
        track.visible
        and not track.touches_border
        and track.age_s >= _PLAIN_AGE_S
        and track.still_s < _MOVING_S
        and track.area_fraction >= _PLAIN_FACTOR * limits.min_area_fraction
        and track.peak_sigma >= _PLAIN_FACTOR * limits.k_sigma
    )


def is_calm(scores: Scores) -> bool:
    """Return whether nothing but what moves in it is happening to the picture."""
    return (
        scores.state is State.WATCHING
        and not scores.corrupt
        and scores.foreground_fraction < _MOST_FOREGROUND
        and (scores.structure is None or scores.structure > _LEAST_STRUCTURE)
    )


_STILL_FOREGROUND = 0.0005
"""Below the least event of the default settings (0.0008): the noise of a few pixels."""


def is_still(scores: Scores) -> bool:
    """Return whether there is nothing to follow: what comes is then seen a twentieth of a second later."""
    return not scores.tracks and scores.foreground_fraction < _STILL_FOREGROUND
