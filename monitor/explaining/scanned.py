"""Where to look things up: a recording that was scanned, or a live camera of the journal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.archive.manifest import NAME
from monitor.archive.report.reading import File, read_files
from monitor.capture.opening import Input, inputs_of
from monitor.errors import UsageError
from monitor.outputs.layout import Layout

Record = Mapping[str, Any]
"""An event or a near miss as JSON."""

LIKE_THESE = 5
"""So many events or sources are named where several are meant."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A recording that was scanned into `out`, and what was found in it.

    `start` is when it began, `ended_s` up to where it was looked at, in seconds of the recording; `scores` is
    the file of its scores, `recording` itself; None where they are not there. `decoded` are the spans that
    were decoded, None is all.
    """

    out: Path
    source: str
    start: datetime | None
    ended_s: float
    events: Sequence[Record]
    near_misses: Sequence[Record]
    scores: Path | None
    recording: Input | None
    decoded: Sequence[tuple[float, float]] | None
    fingerprint: str

    def time_s(self, moment: datetime) -> float | None:
        """Return a moment in seconds of the recording, None where it is unknown when it began."""
        return None if self.start is None else (moment - self.start).total_seconds()

    def moment(self, time_s: float) -> datetime | None:
        """Return when it was so many seconds after the start, None where that is unknown."""
        return None if self.start is None else self.start + timedelta(seconds=time_s)

    @property
    def folder(self) -> Path:
        """The folder that the files of its records are relative to."""
        return self.out


def scanned_in(out: Path) -> list[Scanned]:
    """Return every recording that was scanned into `out`, none where nothing was."""
    if not (out / NAME).is_file():
        return []
    return [_scanned(out, file) for file in read_files(out) if file.entry.folder is not None]


def event_of(places: Sequence[Scanned], prefix: str) -> tuple[Scanned, Record] | None:
    """Return the event whose id begins so, and where it was. Raises `UsageError` for several."""
    found = [(p, event) for p in places for event in p.events if str(event["id"]).startswith(prefix)]
    if len(found) > 1:
        ids = ", ".join(str(event["id"]) for _, event in found[:LIKE_THESE])
        raise UsageError(f"Several events' ids begin with {prefix!r}: {ids}; give more letters.")
    return found[0] if found else None


def place_at(places: Sequence[Scanned], name: str | None, holds: Callable[[Scanned], bool]) -> Scanned | None:
    """Return the recording of this name, or the only one that `holds` the moment; None for none.

    Raises `UsageError` where several are meant.
    """
    named = [p for p in places if name is None or p.source == name or p.source.startswith(f"{name}.")]
    found = [p for p in named if holds(p)] if len(named) > 1 else named
    if len(found) > 1:
        names = ", ".join(p.source for p in found[:LIKE_THESE])
        raise UsageError(f"Several recordings are of that time: {names}; name one with --source.")
    if not found and named:
        names = ", ".join(p.source for p in named[:LIKE_THESE])
        raise UsageError(f"No recording is of that time; there are {names}. Name one with --source.")
    return found[0] if found else None


def _scanned(out: Path, file: File) -> Scanned:
    entry = file.entry
    triage = entry.triage
    return Scanned(
        out=out,
        source=entry.name,
        start=file.start,
        ended_s=entry.scanned_s,
        events=file.events,
        near_misses=file.near_misses,
        scores=_score_file(out, entry.folder or "", entry.scores),
        recording=_recording(entry.address),
        decoded=None if triage is None else triage.spans,
        fingerprint=entry.settings,
    )


def _score_file(out: Path, folder: str, named: str | None) -> Path | None:
    """Return the complete scores: a table is a summary."""
    candidates = [Path(named)] if named else []
    candidates.append(Layout(out / folder).scores)
    return next((path for path in candidates if path.suffix == ".jsonl" and path.is_file()), None)


def _recording(address: str) -> Input | None:
    found = inputs_of([address])
    return found[0] if len(found) == 1 and found[0].error is None else None
