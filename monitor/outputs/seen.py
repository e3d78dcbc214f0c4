"""What is seen in one frame and whether it would be an event: for walk tests, and for asking later."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from monitor.analysis.scores import Box, Scores, TrackScore
from monitor.events.refusal import RULES, Outlook, Standing
from monitor.events.zones import zones_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One region in one frame, and how it stands.

    `peak_sigma` is in σ, `area_fraction` of the frame, `height_fraction` of its height, `travelled_fraction`
    of its diagonal. `counts` says that it is an event or part of one, `rule` which rule stops it else,
    `reason` the sentence, with `measured` and `limit` where the rule compares one number.
    """

    id: int
    peak_sigma: float
    area_fraction: float
    height_fraction: float
    travelled_fraction: float
    age_s: float
    zones: tuple[str, ...]
    box: Box
    counts: bool
    rule: str | None = None
    reason: str | None = None
    measured: float | None = None
    limit: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_json` gave; raises `TypeError` or `KeyError` for anything else."""
        return cls(**{**values, "zones": tuple(values["zones"]), "box": Box(*values["box"])})


def seen_in(scores: Scores, outlook: Outlook) -> tuple[Seen, ...]:
    """Return every visible region, the one that is or came nearest to being an event first."""
    tracks = {track.id: track for track in scores.tracks}
    seen = (_seen(tracks[one.track_id], one) for one in outlook.standings if one.track_id in tracks)
    return tuple(sorted(seen, key=nearness, reverse=True))


def nearest(seen: Iterable[Seen]) -> Seen | None:
    """Return the region that is or came nearest to being an event; None without any."""
    return max(seen, key=nearness, default=None)


def nearness(seen: Seen) -> tuple[float, float, float]:
    """Return how near a region is to being an event: rules passed, share of the limit reached, size."""
    if seen.counts:
        return float(len(RULES)), 1.0, seen.area_fraction
    return (*rule_nearness(seen.rule, seen.measured, seen.limit), seen.area_fraction)


def rule_nearness(rule: str | None, measured: float | None, limit: float | None) -> tuple[float, float]:
    """Return how many rules were passed, and the share of the limit that was reached in the one that was not.

    Above a limit that must not be passed the share is that of the limit in what was measured.
    """
    passed = float(RULES.index(rule)) if rule in RULES else -1.0
    if not measured or not limit:
        return passed, 0.0
    return passed, min(measured / limit, limit / measured)


def _seen(track: TrackScore, standing: Standing) -> Seen:
    refusal = standing.refusal
    return Seen(
        id=track.id,
        peak_sigma=track.peak_sigma,
        area_fraction=track.area_fraction,
        height_fraction=track.box.height,
        travelled_fraction=track.displacement_fraction,
        age_s=track.age_s,
        zones=zones_of(track),
        box=track.box,
        counts=standing.counts,
        rule=refusal.rule if refusal else None,
        reason=refusal.reason if refusal else None,
        measured=refusal.measured if refusal else None,
        limit=refusal.limit if refusal else None,
    )
