"""The result of a tuning as plain values for programs."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from monitor.tuning.effects import Effect
from monitor.tuning.labels import Labelled
from monitor.tuning.proposal import Proposal
from monitor.tuning.questions import Question
from monitor.tuning.report.wording import confidence_texts
from monitor.tuning.space import Changes
from monitor.tuning.tally import Tally, chance_of_luck

SCHEMA: Final = 1
"""Version of the document; grows when a key changes its meaning."""


def as_record(proposal: Proposal, recordings: Sequence[Labelled], notes: Sequence[str]) -> dict[str, Any]:
    """Return the document; intervals hold the true value in 95 of 100 cases, null is without bound."""
    gains = sum(effect.turn.is_gain for effect in proposal.effects)
    return {
        "schema": SCHEMA,
        "target": None if proposal.goal.of == "mistakes" else proposal.goal.text,
        "target_met": proposal.goal.is_met(proposal.proposed),
        "labels": proposal.labels,
        "recordings": [_recording(one) for one in recordings],
        "proposed": proposal.changes,
        "reason": proposal.reason,
        "steps": [
            {
                "key": step.key,
                "present": step.present,
                "proposed": step.proposed,
                "effects": effects_record(step.effects),
            }
            for step in proposal.steps
        ],
        "effects": effects_record(proposal.effects),
        "present": _tally(proposal.present),
        "with_proposal": _tally(proposal.proposed),
        "held_out": {
            "parts": proposal.parts,
            "only_in": proposal.only,
            "present": _tally(proposal.held_out_present),
            "chosen": _tally(proposal.held_out),
        },
        "luck": round(chance_of_luck(gains, len(proposal.effects) - gains), 4),
        "confidence": list(confidence_texts(proposal, recordings)),
        "curve": [{"changes": _changes(p.changes), **_tally(p.tally)} for p in proposal.curve],
        "trials": len(proposal.tried),
        "notes": list(notes),
    }


def questions_record(questions: Iterable[Question], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the events that are asked about."""
    return [
        {
            "source": names[one.recording],
            "kind": one.event.kind.value,
            "start_s": round(one.event.start_s, 3),
            "end_s": round(one.event.end_s, 3),
            "told_by": round(one.share, 4),
        }
        for one in questions
    ]


def effects_record(effects: Iterable[Effect]) -> list[dict[str, Any]]:
    """Return what becomes of events."""
    return [
        {
            "what": effect.turn.value,
            "source": effect.recording,
            "kind": str(effect.kind),
            "start_s": round(effect.start_s, 3),
            "end_s": round(effect.end_s, 3),
            "note": effect.note,
        }
        for effect in effects
    ]


def _recording(one: Labelled) -> dict[str, Any]:
    return {
        "source": one.name,
        "duration_s": round(one.duration_s, 3),
        "labels": len(one.labels),
        "complete": one.is_complete,
    }


def _changes(changes: Changes) -> dict[str, float]:
    return {change.key: change.value for change in changes}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "missed": tally.missed,
        "truths": tally.truths,
        "missed_fraction": round(tally.missed_fraction, 6),
        "missed_fraction_95": [_finite(value) for value in tally.missed_interval()],
        "false": tally.false,
        "watched_s": round(tally.watched_s, 3),
        "false_per_day": round(tally.false_per_day, 3),
        "false_per_day_95": [_finite(value) for value in tally.false_interval()],
    }


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
