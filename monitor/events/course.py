"""How an event of motion goes on: what is still part of it, and when it is over."""

from collections.abc import Sequence

from monitor.analysis.scores import TrackScore
from monitor.events.candidate import Candidate
from monitor.events.draft import Moment
from monitor.events.parameters import MotionParameters
from monitor.events.restless import overlap
from monitor.events.traveller import is_seen_through

BETTER = 1.15
"""A frame must show the event this much better to become its picture: each change costs a conversion."""

NOTABLE_S = 0.2
"""Shorter candidates are noise and no near misses."""

LOST_S = 1.0
_PART_SHARE = 0.2
"""What is where a traveller was lost from sight within a second, and has a fifth of its size, is what is left
of it: regions part and merge, and only one part keeps the number."""

_NOWHERE_SHARE = 0.5
"""What ended with less than half of the least way got nowhere."""


def may_be_a_part(track: TrackScore, candidate: Candidate, limits: MotionParameters) -> bool:
    """Return whether this may be what is left of a traveller."""
    if candidate.has_faded or track.still_s > NOTABLE_S:
        return False
    return not is_seen_through(candidate) and track.area_fraction >= limits.min_area_fraction


def is_left_of(track: TrackScore, member: Candidate, now: Moment) -> bool:
    """Return whether this is where a traveller was just lost from sight, and as large as a part of it."""
    return (
        0 < now.time_s - member.seen.time_s <= LOST_S
        and track.area_fraction > _PART_SHARE * member.best.area_fraction
        and overlap(track.box, member.box)
    )


def got_nowhere(candidate: Candidate, limits: MotionParameters) -> bool:
    """Return whether what has ended never travelled, as leaves and rain do not."""
    nowhere = _NOWHERE_SHARE * limits.min_displacement_fraction
    return not candidate.has_travelled and candidate.displacement_fraction < nowhere


def why_over(
    members: Sequence[Candidate],
    here: Sequence[TrackScore],
    is_any_visible: bool,
    now: Moment,
    limits: MotionParameters,
) -> str | None:
    """Return why an event of these members is over, None while it is not.

    `here` are those that are seen and have not faded; `is_any_visible` says whether any is seen at all.
    """
    if here and all(track.still_s > limits.rest_s for track in here):
        return f"what moved has been still for {limits.rest_s:g} s"
    if here:
        return None
    latest = max(members, key=lambda candidate: candidate.last.time_s)
    since_s = now.time_s - latest.last.time_s
    if not is_any_visible and latest.left and since_s >= limits.exit_gap_s:
        return f"it left over the edge of the picture {since_s:.1f} s ago"
    if since_s >= limits.event_gap_s:
        return f"nothing that travels was seen for {since_s:.1f} s"
    return None
