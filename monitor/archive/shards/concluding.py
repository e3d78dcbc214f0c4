"""The scores of a recording, measured in parts, judged and written as by a scan of the whole."""

import time
from pathlib import Path

from monitor import app
from monitor.archive.executor import Report
from monitor.archive.manifest import Entry
from monitor.archive.running import entry_of, progress_of
from monitor.archive.shards.joining import Joined
from monitor.archive.task import Task
from monitor.capture.file import FileSource
from monitor.errors import OutputError, SourceError
from monitor.events.judge import Verdict
from monitor.outputs.dispatcher import Dispatcher
from monitor.outputs.files import FileLedger
from monitor.outputs.later import LaterSnapshots
from monitor.outputs.layout import Layout, claim_folder
from monitor.outputs.scorefile import ScoreFile
from monitor.outputs.snapshot import SnapshotSink
from monitor.scanning import Outcome, Summary


def conclude(task: Task, joined: Joined, report: Report) -> Entry:
    """Judge what was measured, and write all that is wanted; see `running.run` for entry and folder."""
    outcome = Outcome(task.item)
    outcome.problems = joined.problems
    began = time.perf_counter()
    try:
        _conclude_into(outcome, task, joined, report)
    except (SourceError, OutputError) as error:
        outcome.error = error
    outcome.took_s = time.perf_counter() - began
    return entry_of(task, outcome)


def _conclude_into(outcome: Outcome, task: Task, joined: Joined, report: Report) -> None:
    item, settings = task.item, task.settings
    with FileSource(item.address, threads=1) as source:
        outcome.info = source.info
        outcome.folder = claim_folder(settings.outputs.folder, Path(item.name).stem, unfinished=True)
        ledger = FileLedger(settings.outputs.folder)
        extras = app.Extras(scores=task.scores)
        sinks = app.sinks_of(settings, item, source, Layout(outcome.folder), ledger, extras)
    if isinstance(snapshots := sinks.get("snapshots"), SnapshotSink):
        sinks["snapshots"] = LaterSnapshots(item.address, snapshots)
    score_file = sinks.get("scores")
    outputs = Dispatcher(sinks | {"summary": Summary(outcome)})
    try:
        judge = app.judge_of(settings, item.name)
        for scores in joined.scores():
            _tell(outputs, judge.update(scores))
            if isinstance(score_file, ScoreFile):
                score_file.write(scores)
            outcome.frames, outcome.scanned_s = scores.index + 1, scores.time_s
            outcome.stopped = report(progress_of(outcome))
            if outcome.stopped:
                break
        else:
            outcome.frames, outcome.scanned_s = joined.last_index + 1, joined.last_s
            outcome.stopped = not joined.is_whole
        _tell(outputs, judge.finish())
    finally:
        outputs.close()
        outcome.failures = outputs.failures


def _tell(outputs: Dispatcher, verdict: Verdict) -> None:
    if verdict.changes or verdict.near_misses:
        outputs.finish(verdict.changes, verdict.near_misses)
