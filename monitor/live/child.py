"""The process of one camera: takes its settings from standard input, tells by lines of JSON.

The first line of the input is the `Task`; the end of the input, which is also the end of the process that
started this one, ends the watch. What libraries print on standard output goes to standard error.
"""

import json
import os
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from monitor.clock import SystemClock
from monitor.errors import MonitorError
from monitor.events.event import Phase
from monitor.live.status import CameraStatus
from monitor.live.telling import Told
from monitor.live.walk import Sight
from monitor.outputs.records import EventRecord


@dataclass(frozen=True, slots=True)
class Task:
    """What the process is to do; `settings` as `settings.load.to_text` writes them."""

    name: str
    settings: str
    record: bool
    log_form: str
    log_level: str
    walk_test: bool = False

    def to_line(self) -> str:
        """Return the task as one line."""
        return json.dumps(asdict(self)) + "\n"


class Teller:
    """Writes what is told as lines; safe from several threads."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        """Write an event."""
        self._write("event", [phase.value, record, None if snapshot is None else str(snapshot)])

    def notice(self, title: str, message: str, source: str) -> None:
        """Write a notice."""
        self._write("notice", [title, message, source])

    def sight(self, sight: Sight) -> None:
        """Write a sight."""
        self._write("sight", sight.to_json())

    def status(self, status: CameraStatus) -> None:
        """Write a status."""
        self._write("status", status.to_json())

    def _write(self, kind: str, content: Any) -> None:
        with self._lock:
            self._out.write(json.dumps({kind: content}) + "\n")
            self._out.flush()


def pass_on(line: str, told: Told) -> None:
    """Tell what a line of a `Teller` says; raises `ValueError`, `TypeError` or `KeyError` for others."""
    ((kind, content),) = json.loads(line).items()
    if kind == "event":
        phase, record, snapshot = content
        told.event(Phase(phase), record, None if snapshot is None else Path(snapshot))
    elif kind == "notice":
        told.notice(*content)
    elif kind == "sight":
        told.sight(Sight.from_json(content))
    elif kind == "status":
        told.status(CameraStatus.from_json(content))


def main() -> int:
    """Watch the camera of the task until the input ends or SIGTERM comes; return the exit code."""
    from monitor.logs import set_up

    task = Task(**json.loads(sys.stdin.readline()))
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    set_up(task.log_form, task.log_level, camera=task.name)  # type: ignore[arg-type]
    # Whoever started this process hears of Ctrl-C too, and says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _watch(task, Teller(out))
    except MonitorError as error:
        import logging

        logging.getLogger("monitor").error("%s", error)
        return error.exit_code
    return 0


def _watch(task: Task, told: Told) -> None:
    from monitor.live.camera import CameraWatch
    from monitor.settings.load import from_text

    watch = CameraWatch(
        task.name, from_text(task.settings), told, SystemClock(), record=task.record, walk_test=task.walk_test
    )
    signal.signal(signal.SIGTERM, lambda number, frame: watch.stop())
    threading.Thread(target=_await_end, args=(watch.stop,), name="end of input", daemon=True).start()
    watch.run()


def _await_end(stop: Any) -> None:
    sys.stdin.read()
    stop()


if __name__ == "__main__":
    sys.exit(main())
