"""What was explained, as plain JSON values."""

from collections.abc import Mapping
from typing import Any

from monitor.explaining.answer import Answer
from monitor.explaining.around import Around
from monitor.explaining.asked import Explained
from monitor.explaining.story import Step
from monitor.explaining.trace import Look
from monitor.outputs.records import rfc3339

_DECIMALS = 6


def explained_record(explained: Explained) -> dict[str, Any]:
    """Return an event with its steps and the looks around it."""
    return {
        "event": dict(explained.record),
        "steps": [_step(step) for step in explained.steps],
        **_around(explained.around),
    }


def answer_record(answer: Answer, around: Around, at_s: float) -> dict[str, Any]:
    """Return an answer with the looks and near misses around the moment."""
    return {
        "at_s": None if around.is_live else round(at_s, _DECIMALS),
        "at_time": rfc3339(around.moment(at_s)),
        "verdict": answer.verdict.value,
        "sentence": answer.sentence,
        "rule": answer.rule,
        "measured": answer.measured,
        "limit": answer.limit,
        "setting": answer.setting,
        "seen": None if answer.seen is None else answer.seen.to_json(),
        "event": None if answer.event is None else dict(answer.event),
        "near_misses": [dict(told.record) for told in around.near_misses],
        **_around(around),
    }


def _around(around: Around) -> Mapping[str, Any]:
    looks = around.trace.looks if around.trace else ()
    return {
        "source": around.source,
        "scores_from": around.origin,
        "notes": list(around.notes),
        "looks": [_look(around, look) for look in looks],
    }


def _look(around: Around, look: Look) -> dict[str, Any]:
    return {
        "time_s": round(look.time_s, _DECIMALS),
        "time": rfc3339(look.wall_time or around.moment(look.time_s)),
        "state": look.state.value,
        "peak_sigma": look.peak_sigma,
        "area_fraction": look.area_fraction,
        "kl_nats": look.kl_nats,
        "in_event": look.in_event,
        "veto": None if look.veto is None else look.veto._asdict(),
        "seen": [one.to_json() for one in look.seen],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "start_s": round(step.start_s, _DECIMALS),
        "end_s": round(step.end_s, _DECIMALS),
        "rule": step.rule,
        "reason": step.reason,
        "seen": step.seen.to_json(),
    }
