"""What a scan has to tell of its inputs: a line for each, and all of them together."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from monitor.archive.engine import Verdict
from monitor.archive.manifest import Entry, State
from monitor.capture.opening import Input
from monitor.cli.printed import printed
from monitor.clock import shown_span

MOST_ROWS = 20
"""Rows of the table in the end: a screenful. Of more inputs the failed and the eventful ones are in it."""

_NAMED = 3
"""So many inputs are named where many have something in common."""


class Tally:
    """What became of the inputs of one scan, of which there are `total`."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._scanned: list[Entry] = []
        self._skipped: dict[Verdict, list[Entry]] = {}
        self._same: list[str] = []

    @property
    def is_good(self) -> bool:
        """Whether every input that was come to could be read, and everything be written."""
        return Verdict.FAILED not in self._skipped and not any(entry.error for entry in self._scanned)

    def done(self, entry: Entry) -> None:
        """Count an input that was scanned."""
        self._scanned.append(entry)

    def skipped(self, entry: Entry, why: Verdict) -> None:
        """Count an input that need not be scanned."""
        self._skipped.setdefault(why, []).append(entry)

    def same(self, item: Input, first: Input) -> None:
        """Count an input that holds the same as one before it."""
        self._same.append(f"{printed(item.address)} holds the same as {printed(first.address)}")

    def told(self, out: str) -> Iterator[RenderableType]:
        """Yield what is to be printed when all is over."""
        if len(self._scanned) > 1:
            yield _table(self._scanned)
        yield from self._about_skipped(out)
        if self._same:
            yield f"{_listed(self._same)}: not scanned twice"
        if self._total > 1:
            yield self._counts()

    def _about_skipped(self, out: str) -> Iterator[str]:
        done, stale, failed = (
            self._skipped.get(why, []) for why in (Verdict.DONE, Verdict.STALE, Verdict.FAILED)
        )
        if len(done) == 1:
            yield f"{line_of(done[0], out)}: scanned before"
        elif done:
            yield f"{len(done)} inputs were scanned before and have not changed: {_names(done)}"
        if stale:
            were = "was" if len(stale) == 1 else "were"
            yield (
                f"[yellow]{len(stale)} of {_count(self._total, 'input')} {were} scanned with other settings "
                f"and left as found: {_names(stale)}; --again scans anew[/]"
            )
        if len(failed) == 1:
            yield f"[red]{printed(str(failed[0].error))}[/] It is as it was; --again tries it anew."
        elif failed:
            yield (
                f"[red]{len(failed)} inputs could not be read before and are as they were: "
                f"{_names(failed)}; --again tries them anew[/]"
            )

    def _counts(self) -> str:
        skipped = {why: len(entries) for why, entries in self._skipped.items()}
        failed = sum(entry.error is not None for entry in self._scanned) + skipped.get(Verdict.FAILED, 0)
        before = skipped.get(Verdict.DONE, 0) + skipped.get(Verdict.STALE, 0)
        left = self._total - len(self._scanned) - sum(skipped.values()) - len(self._same)
        more = {"scanned before": before, "held the same": len(self._same), "not begun": left}
        return f"{len(self._scanned)} of {self._total} inputs scanned, {failed} with failures" + "".join(
            f", {number} {what}" for what, number in more.items() if number
        )


def line_of(entry: Entry, out: str) -> str:
    """Return the line that tells what was found in one input and where it is."""
    if entry.error is not None and not entry.frames:
        return f"[red]{printed(entry.error)}[/]"
    kinds = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in entry.events.items())
    found = _count(sum(entry.events.values()), "event") + (f" ({kinds})" if kinds else "")
    missed = _count(entry.near_misses, "near miss", "near misses")
    return (
        f"[bold]{printed(entry.name)}[/]: {found}, {missed} in {shown_span(entry.scanned_s)} "
        f"({_count(entry.frames, 'frame')}, {_speed(entry):.1f} × real time) "
        f"{_decoded(entry)}→ {printed('/'.join(filter(None, (out, entry.folder))))}"
    )


def notes_of(entry: Entry) -> list[str]:
    """Return what went wrong with the input and was mended, skipped or given up, a sentence each.

    An output that is given up is told by the log, at the moment when it happens.
    """
    notes = list(entry.problems)
    if entry.triage is not None and entry.triage.spans is None:
        notes.append(f"all of it was decoded: {entry.triage.reason}")
    if entry.state is State.STOPPED and entry.error is None:
        notes.append(
            f"stopped by the user at {shown_span(entry.scanned_s)}; what was found until then is kept"
        )
    if entry.state is State.FAILED and entry.error is not None and entry.frames:
        notes.append(entry.error)
    return notes


def shortened(name: str, most: int = 28) -> str:
    """Return a name, its middle left out where it is longer than `most` signs."""
    return name if len(name) <= most else f"{name[: most // 2 - 1]}…{name[-most // 2 :]}"


def _table(entries: Sequence[Entry]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("input", "length", "speed", "events", "result"):
        table.add_column(column, justify="left" if column in ("input", "result") else "right")
    shown = sorted(entries, key=lambda e: (e.error is None, -sum(e.events.values())))[:MOST_ROWS]
    for entry in entries if len(entries) <= MOST_ROWS else shown:
        table.add_row(
            printed(entry.name),
            shown_span(entry.scanned_s),
            f"{_speed(entry):.0f} ×",
            str(sum(entry.events.values())),
            _result(entry),
        )
    if len(entries) > MOST_ROWS:
        table.add_row(f"… and {len(entries) - MOST_ROWS} more", "", "", "", "")
    return table


def _result(entry: Entry) -> str:
    if entry.error is not None:
        return "failed"
    return "stopped" if entry.state is State.STOPPED else "ok"


def _decoded(entry: Entry) -> str:
    """Return how much was decoded where triage chose it, as a part of a line."""
    if entry.triage is None or entry.triage.spans is None:
        return ""
    return f"{entry.triage.decoded_share:.0%} decoded "


def _names(entries: Iterable[Entry]) -> str:
    return _listed([printed(entry.name) for entry in entries])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _speed(entry: Entry) -> float:
    return entry.scanned_s / entry.took_s if entry.took_s > 0 else 0.0
