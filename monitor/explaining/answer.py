"""Why there was no event at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monitor.analysis.scores import State
from monitor.explaining.around import Around, Told
from monitor.explaining.trace import Look
from monitor.outputs.seen import Seen, nearest, rule_nearness
from monitor.outputs.wording import shown_kind

REACH_S = 5.0
"""So far from the moment that was asked for is looked: clocks on walls and in heads differ by seconds."""

_SAME_S = 0.5
"""A picture this near to the moment is one of it: in quiet times two of them are a second apart."""

SETTING_OF = {
    "min_area": "motion.min_area_fraction",
    "max_area": "motion.max_area_fraction",
    "min_duration": "motion.min_duration_s",
    "at_rest": "advanced.regions.rest_s",
    "min_displacement": "motion.min_displacement_fraction",
    "max_speed": "advanced.regions.max_speed_per_s",
    "min_coherence": "advanced.regions.min_coherence",
}
"""Which setting holds the limit of a rule; the others have none."""


class Verdict(StrEnum):
    """What was the matter at the moment."""

    FIRED = "fired"
    FIRED_NEAR = "fired_near"
    NEAR_MISS = "near_miss"
    VETOED = "vetoed"
    WARMING_UP = "warming_up"
    BLIND = "blind"
    NOT_RUNNING = "not_running"
    NOT_DECODED = "not_decoded"
    OUTSIDE = "outside"
    NOTHING_MOVED = "nothing_moved"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was the matter at a moment, in a word and in sentences.

    `rule` is what stopped it, with `measured` and `limit` where it compares one number, and the `setting`
    that holds the limit. `at_s` is when what it tells of was, `seen` the region, `event` the record.
    """

    verdict: Verdict
    sentence: str
    at_s: float
    rule: str | None = None
    measured: float | None = None
    limit: float | None = None
    seen: Seen | None = None
    event: Mapping[str, Any] | None = None

    @property
    def setting(self) -> str | None:
        """The setting that holds the limit, None where there is none."""
        return None if self.rule is None else SETTING_OF.get(self.rule)


def why_not(around: Around, at_s: float, reach_s: float = REACH_S) -> Answer:
    """Return why there was no event at a time, or that there was one."""
    for blind in around.blind:
        if blind.start_s <= at_s < blind.end_s:
            return Answer(Verdict(blind.what), f"Nothing was watched then: {blind.why}.", at_s)
    if (fired := _nearest_told(around.events, at_s, 0.0)) is not None:
        return _fired(fired, Verdict.FIRED, at_s)
    if around.trace is None:
        return _by_records(around, at_s, reach_s)
    looks = [look for look in around.trace.looks if abs(look.time_s - at_s) <= reach_s]
    if not looks:
        if (missed := _by_records(around, at_s, reach_s)).verdict is not Verdict.NOT_KNOWN:
            return missed
        return Answer(Verdict.NOT_KNOWN, "No picture was measured then.", at_s)
    return _by_looks(around, looks, at_s, reach_s)


def _by_looks(around: Around, looks: list[Look], at_s: float, reach_s: float) -> Answer:
    now = min(looks, key=lambda look: abs(look.time_s - at_s))
    refused = _refused(looks)
    there = [pair for pair in refused if abs(pair[0].time_s - at_s) <= _SAME_S]
    near = _nearest_told(around.events, at_s, reach_s)
    vetoed = [(now, one) for one in now.seen if now.veto is not None]
    best = nearest(one for _, one in vetoed or there or refused)
    if now.state is not State.WATCHING:
        why = (
            f"The background was being learnt ({now.state.value.replace('_', ' ')}): nothing is judged then."
        )
        return Answer(Verdict.WARMING_UP, why, now.time_s, rule="learning", seen=best)
    first_s = min((abs(look.time_s - at_s) for look, _ in refused), default=reach_s)
    if near is not None and not there and near.away_s(at_s) < first_s:
        return _fired(near, Verdict.FIRED_NEAR, at_s)
    if best is not None:
        when = next(look for look, one in vetoed + refused if one is best)
        return _missed(best, when.time_s, is_vetoed=when.veto is not None)
    if near is not None:
        return _fired(near, Verdict.FIRED_NEAR, at_s)
    if now.veto is not None:
        return Answer(
            Verdict.VETOED,
            f"No motion was judged then: {now.veto.reason}.",
            now.time_s,
            rule=now.veto.rule,
        )
    most = max(look.foreground_fraction for look in looks)
    return Answer(
        Verdict.NOTHING_MOVED,
        f"Nothing moved within {reach_s:g} s: at most {most:.3%} of the picture left the background, and no "
        "region of it was large and clear enough to be followed.",
        now.time_s,
    )


def _refused(looks: list[Look]) -> list[tuple[Look, Seen]]:
    """Return the regions that never counted; what is seen beside one that counts may be a part of it."""
    counted = {one.id for look in looks for one in look.seen if one.counts}
    alone = (look for look in looks if not any(one.counts for one in look.seen))
    return [(look, one) for look in alone for one in look.seen if one.id not in counted]


def _missed(seen: Seen, at_s: float, *, is_vetoed: bool) -> Answer:
    where = f" in {', '.join(seen.zones)}" if seen.zones else ""
    sentence = (
        f"The nearest miss: region {seen.id}, {seen.peak_sigma:.1f} σ from the background, "
        f"{seen.area_fraction:.2%} of the frame{where}, was stopped by {seen.rule}: {seen.reason}."
    )
    return Answer(
        Verdict.VETOED if is_vetoed else Verdict.NEAR_MISS,
        sentence,
        at_s,
        rule=seen.rule,
        measured=seen.measured,
        limit=seen.limit,
        seen=seen,
    )


def _by_records(around: Around, at_s: float, reach_s: float) -> Answer:
    """Answer without scores: by the near misses that were written down."""
    within = [told for told in around.near_misses if told.away_s(at_s) <= reach_s]
    if within:
        told = max(within, key=lambda one: (-one.away_s(at_s), _nearness(one.record)))
        miss = told.record
        evidence = miss["evidence"]
        return Answer(
            Verdict.NEAR_MISS,
            f"The nearest miss: something of {evidence['peak_sigma'] or 0:.1f} σ and "
            f"{evidence['area_fraction'] or 0:.2%} of the frame was stopped by {miss['rule']}: "
            f"{miss['reason']}.",
            told.start_s,
            rule=miss["rule"],
            measured=miss.get("measured"),
            limit=miss.get("limit"),
        )
    if (near := _nearest_told(around.events, at_s, reach_s)) is not None:
        return _fired(near, Verdict.FIRED_NEAR, at_s)
    return Answer(
        Verdict.NOT_KNOWN,
        f"No near miss is on record within {reach_s:g} s, and what was smaller or shorter cannot be told: "
        f"{around.origin}.",
        at_s,
    )


def _nearness(miss: Mapping[str, Any]) -> tuple[float, float]:
    return rule_nearness(miss["rule"], miss.get("measured"), miss.get("limit"))


def _nearest_told(told: Iterable[Told], at_s: float, reach_s: float) -> Told | None:
    within = [one for one in told if one.away_s(at_s) <= reach_s]
    return min(within, key=lambda one: one.away_s(at_s), default=None)


def _fired(told: Told, verdict: Verdict, at_s: float) -> Answer:
    record, away_s = told.record, told.away_s(at_s)
    when = "There was an event then" if not away_s else f"There was an event {away_s:.1f} s away"
    sentence = f"{when}: {shown_kind(record['kind'])}, because {record['evidence']['opened_by']}."
    return Answer(verdict, sentence, max(told.start_s, min(at_s, told.end_s)), event=record)
