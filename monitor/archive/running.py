"""A task done: what its scan found, with everything on disk."""

import shutil
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from monitor import app
from monitor.archive.executor import Progress, Report
from monitor.archive.manifest import Entry, State, Triage
from monitor.archive.starttime import start_of
from monitor.archive.task import Task, wanted_outputs
from monitor.archive.triage.plan import TriagePlan, plan
from monitor.errors import OutputError, SourceError
from monitor.outputs.layout import claim_folder, relative, unfinished, writing
from monitor.scanning import Outcome, scan


def run(task: Task, report: Report) -> Entry:
    """Scan the input of a task; all that the entry tells of is then on disk.

    Its folder is marked as unfinished: whoever has remembered the entry removes the mark. Errors of the
    input and of the outputs are in the entry; what is raised is a fault of the program.
    """
    masks = task.masks and unfinished(task.masks)
    if masks is not None:
        shutil.rmtree(masks, ignore_errors=True)  # left by a scan that was killed
    began = time.perf_counter()
    planned = triage_of(task, report)
    planning_s = time.perf_counter() - began
    outcome = scan(
        task.item,
        task.settings,
        app.Extras(scores=task.scores, masks=masks),
        lambda outcome: report(progress_of(outcome)),
        claim=partial(_claim, token=task.token),
        begins=lambda info: start_of(task.item, info, task.settings.archive).time,
        threads=task.threads,
        parts=planned.parts if planned else None,
    )
    if masks is not None and task.masks is not None and masks.exists():
        try:
            with writing(task.masks):
                masks.replace(task.masks)
        except OutputError as error:
            outcome.error = error
    outcome.took_s += planning_s
    entry = entry_of(task, outcome)
    if planned is None:
        return entry
    return replace(entry, triage=told(planned), problems=(*entry.problems, *doubts_of(planned)))


def triage_of(task: Task, report: Report) -> TriagePlan | None:
    """Return how much of the input to decode, None where that is not asked."""
    mode = task.settings.archive.triage
    if mode == "off" or not task.item.is_coded or task.item.error is not None:
        return None
    settings, wanted = task.settings, (task.masks, task.scores)
    every_frame = settings.outputs.annotate or settings.plugins.take_frames or wanted != (None, None)
    return plan(
        task.item, task.settings, mode, every_frame=every_frame, should_end=lambda: report(Progress())
    )


def told(planned: TriagePlan) -> Triage:
    """Return the plan as it is remembered."""
    spans = None
    if planned.parts is not None:
        spans = tuple((round(span.start_s, 3), round(span.end_s, 3)) for span in planned.parts.spans)
    return Triage(planned.mode, planned.reason, round(planned.decoded_share, 4), spans)


def doubts_of(planned: TriagePlan) -> tuple[str, ...]:
    """Return a sentence where parts were chosen although packets cannot tell, as `--triage on` does."""
    if planned.parts is None or planned.growth is None or planned.growth.tells:
        return ()
    return (f"events may be missing: {planned.reason}; with --triage auto all of it is decoded",)


def _claim(out: Path, stem: str, *, token: str) -> Path:
    return claim_folder(out, f"{stem}-{token}" if token else stem, unfinished=True)


def progress_of(outcome: Outcome) -> Progress:
    """Return how far a scan is."""
    duration_s = outcome.info.duration_s if outcome.info else None
    folder = None if outcome.folder is None else str(outcome.folder)
    return Progress(outcome.frames, outcome.scanned_s, duration_s, folder)


def entry_of(task: Task, outcome: Outcome) -> Entry:
    """Return what the scan of a task's input has found."""
    start = start_of(task.item, outcome.info, task.settings.archive)
    entry = replace(
        task.failed("", start),
        state=_state(outcome),
        error=_error(outcome),
        scanned_s=round(outcome.scanned_s, 3),
        frames=outcome.frames,
        events=dict(outcome.events.most_common()),
        near_misses=outcome.near_misses,
        problems=(*outcome.problems.sentences(), *([start.doubt] if start.doubt else ())),
        took_s=round(outcome.took_s, 3),
    )
    if (info := outcome.info) is not None:
        entry = replace(
            entry,
            duration_s=info.duration_s,
            rate_hz=info.rate_hz,
            size=info.size,
            codec=info.codec,
        )
    if outcome.folder is not None:
        entry = replace(
            entry,
            folder=relative(outcome.folder, task.settings.outputs.folder),
            outputs=wanted_outputs(task.settings),
            scores=_absolute(task.scores),
            masks=_absolute(task.masks),
        )
    return entry


def _absolute(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())


def _state(outcome: Outcome) -> State:
    if isinstance(outcome.error, SourceError):
        return State.FAILED
    return State.DONE if outcome.is_good and not outcome.stopped else State.STOPPED


def _error(outcome: Outcome) -> str | None:
    if outcome.error is not None:
        return str(outcome.error)
    return outcome.failures[0].message if outcome.failures else None
