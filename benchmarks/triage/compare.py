"""One recording scanned in full and by triage: which events are lost."""

import json
import resource
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.paths import cache_folder
from benchmarks.process import run
from monitor import app
from monitor.archive.triage.plan import Mode, TriagePlan, plan
from monitor.capture.opening import Input
from monitor.capture.spans import Parts
from monitor.scanning import scan
from monitor.settings import Settings, load_settings

DECODE = Path(__file__).parents[1] / "speed/decode.py"

TOLERANCE_S = 1.0
"""Two scans begin an event at slightly different times: their background was learnt from other pictures."""


@dataclass(frozen=True, slots=True)
class Found:
    """An event that a scan found."""

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One recording: its plan, both scans, what truly happens in it, and what each costs.

    Processor time is without the start of the program, which is told in the section on speed.
    """

    name: str
    plan: TriagePlan
    full: list[Found]
    triaged: list[Found]
    truth: list[Found]
    bare_cpu_s: float
    full_cpu_s: float
    triaged_cpu_s: float

    @property
    def lost(self) -> list[Found]:
        """The events of the full scan that triage has not."""
        return [event for event in self.full if not is_among(event, self.triaged)]

    @property
    def gained(self) -> list[Found]:
        """The events that only triage has."""
        return [event for event in self.triaged if not is_among(event, self.full)]


def is_among(event: Found, others: Iterable[Found]) -> bool:
    """Return whether one of the others is of the same kind and at the same time."""
    return any(other.kind == event.kind and overlap(event, other) for other in others)


def overlap(one: Found, other: Found) -> bool:
    """Return whether two events are at the same time, give or take the tolerance."""
    return one.start_s - TOLERANCE_S <= other.end_s and other.start_s - TOLERANCE_S <= one.end_s


def settings() -> Settings:
    """Return the defaults without the outputs that cost time and change no event."""
    bare = ["outputs.annotate=false", "outputs.snapshots=false", "outputs.contact_sheet=false"]
    return load_settings(None, None, [*bare, "clips.enabled=false"])


def compare(path: Path, truth: list[Found], mode: Mode, *, fresh: bool = False) -> Compared:
    """Scan a recording both ways; the full scan is kept in the cache and taken from there unless `fresh`."""
    kept = cache_folder() / "triage-scans" / f"{path.name}.json"
    if fresh or not kept.exists():
        bare_cpu_s = run([sys.executable, DECODE, path]).cpu_s
        events, cpu_s = scanned(path, None)
        full = {"bare_cpu_s": bare_cpu_s, "cpu_s": cpu_s, "events": [asdict(event) for event in events]}
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(full))
    full = json.loads(kept.read_text())
    events = triaged = [Found(**event) for event in full["events"]]
    before_s = cpu_time_s()
    made = plan(Input(str(path)), settings(), mode)
    if made.parts is not None:
        triaged, _ = scanned(path, made.parts)
    cpu_s = cpu_time_s() - before_s + (full["cpu_s"] if made.parts is None else 0.0)
    return Compared(path.name, made, events, triaged, truth, full["bare_cpu_s"], full["cpu_s"], cpu_s)


def scanned(path: Path, parts: Parts | None) -> tuple[list[Found], float]:
    """Return the events of a scan and the processor time that it took."""
    before_s = cpu_time_s()
    with tempfile.TemporaryDirectory() as folder:
        bare = settings()
        bare = bare.model_copy(update={"outputs": bare.outputs.model_copy(update={"folder": Path(folder)})})
        outcome = scan(Input(str(path)), bare, app.Extras(), lambda _: False, parts=parts)
        if outcome.error is not None or outcome.folder is None:
            raise RuntimeError(f"{path.name}: {outcome.error}")
        events = read_events(outcome.folder / "events.jsonl")
    return events, cpu_time_s() - before_s


def read_events(path: Path) -> list[Found]:
    """Return the events of a scan's record."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Found(one["kind"], one["start_s"], one["end_s"] or one["start_s"]) for one in records]


def cpu_time_s() -> float:
    """Return the processor time of this process and of those that it waited for."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def found_of(truth: Sequence[Found], events: Sequence[Found]) -> int:
    """Return how many of what truly happens an event of any kind touches."""
    return sum(any(overlap(true, event) for event in events) for true in truth)
