"""What tuning found in words, the same on the terminal, in the page and in the patch."""

from collections.abc import Iterator, Sequence

from monitor.clock import shown_span
from monitor.outputs.wording import shown_kind, shown_length
from monitor.settings.document import dump
from monitor.tuning.effects import Effect, Turn
from monitor.tuning.labels import Labelled, Says
from monitor.tuning.proposal import Proposal
from monitor.tuning.tally import DAY_S, Tally, chance_of_luck

FEW_LABELS = 20
"""With fewer labels one of them is more than a twentieth of all."""

_LUCK = 0.05
"""What comes by luck in more than one of twenty cases is no proof (Fisher 1925)."""

_TURNS = {
    Turn.FOUND: "is found, which was missed",
    Turn.SILENCED: "is no false alarm any more",
    Turn.LOST: "is missed, which was found",
    Turn.RAISED: "is a new false alarm",
}


def shown_value(value: float) -> str:
    """Return a value of a setting as the settings file has it."""
    return dump(int(value) if float(value).is_integer() and abs(value) >= 1 else value)


def shown_rate(per_day: float) -> str:
    """Return a number of events a day with as many digits as mean anything."""
    if per_day in (0.0, float("inf")):
        return "0" if per_day == 0 else "any number"
    return f"{per_day:,.0f}" if per_day >= 10 else f"{per_day:.2g}"


def effect_text(effect: Effect) -> str:
    """Return what becomes of one event, named by its recording and time."""
    span = f"{shown_span(effect.start_s)}–{shown_span(effect.end_s)}"
    note = f" ({effect.note})" if effect.note else ""
    return f"{shown_kind(effect.kind)} at {span} in {effect.recording}{note} {_TURNS[effect.turn]}"


def tally_text(tally: Tally) -> str:
    """Return the mistakes in one line."""
    missed = f"{tally.missed} of {tally.truths} missed" if tally.truths else "nothing to miss"
    return f"{missed}, {_count(tally.false, 'false alarm')} ({shown_rate(tally.false_per_day)} a day)"


def labels_text(recordings: Sequence[Labelled]) -> str:
    """Return how much is known, in one line."""
    said = [label.says for one in recordings for label in one.labels]
    known_s = sum(one.duration_s for one in recordings if one.is_known)
    true, false = said.count(Says.TRUE), said.count(Says.FALSE)
    parts = [f"{true} true", f"{false} false"] if false else [f"{true} true"]
    if quiet := said.count(Says.QUIET):
        parts.append(f"{quiet} quiet")
    number = sum(one.is_known for one in recordings)
    return (
        f"{_count(len(said), 'label')} ({', '.join(parts)}) in {_count(number, 'recording')} of "
        f"{shown_length(known_s)} together"
    )


def verdict_text(proposal: Proposal) -> str:
    """Return what to do, in one sentence."""
    if not proposal.steps:
        return f"Keep the present settings: {proposal.reason or 'nothing that was tried does better'}."
    changes = ", ".join(f"{step.key} {shown_value(step.proposed)}" for step in proposal.steps)
    return f"Proposed: {changes}."


def confidence_texts(proposal: Proposal, recordings: Sequence[Labelled]) -> Iterator[str]:
    """Yield what speaks for and against trusting these figures."""
    tally = proposal.proposed
    if tally.truths:
        low, high = tally.missed_interval()
        yield (
            f"Of {_count(tally.truths, 'true event')} {tally.missed} missed: in the long run it may be "
            f"{100 * low:.0f} to {100 * high:.0f} % (95 %)."
        )
    low, high = tally.false_interval()
    yield (
        f"{_count(tally.false, 'false alarm')} in {shown_length(tally.watched_s)}: in the long run it may be "
        f"{shown_rate(low)} to {shown_rate(high)} a day (95 %)."
    )
    if proposal.parts > 1:
        yield (
            f"On labels set aside in turn ({proposal.parts} parts): present settings "
            f"{tally_text(proposal.held_out_present)}; what was chosen without them "
            f"{tally_text(proposal.held_out)}."
        )
    if proposal.only is not None:
        yield (
            f"All mistakes are in {proposal.only}: what was set aside is another time of it and not another "
            "day, so it may hold less well elsewhere."
        )
    if proposal.steps:
        yield _luck_text(proposal)
    if proposal.labels < FEW_LABELS:
        yield f"{_count(proposal.labels, 'label')} say little: label {FEW_LABELS} events or more to be surer."
    if not all(one.is_complete for one in recordings if one.is_known):
        yield (
            "Only labelled events count as false; a day has as many more as there are among those that "
            "nobody labelled."
        )
    if proposal.goal.of == "false" and low <= proposal.goal.limit < high:
        needed_s = 3.7 / max(proposal.goal.limit, 1e-9) * DAY_S
        yield (
            f"Whether {proposal.goal.text} is kept cannot be told from {shown_length(tally.watched_s)}: it "
            f"takes {shown_length(needed_s)} without a false alarm."
        )
    if not proposal.goal.is_met(tally):
        yield f"{proposal.goal.text} is not kept by anything that was tried and held on labels set aside."


def _luck_text(proposal: Proposal) -> str:
    gains = sum(effect.turn.is_gain for effect in proposal.effects)
    losses = len(proposal.effects) - gains
    chance = chance_of_luck(gains, losses)
    sure = "hardly luck" if chance < _LUCK else "it may be luck"
    return (
        f"{_count(gains, 'gain')}, {_count(losses, 'loss', 'losses')}: {sure} (so it comes out in "
        f"{100 * chance:.0f} % of cases where nothing matters)."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
