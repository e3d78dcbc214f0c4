"""Real processes under the supervisor, and the signals to which the whole program answers."""

import logging
import math
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

from monitor.clock import Clock
from monitor.environment import own_environment
from monitor.errors import MonitorError
from monitor.events.event import Phase
from monitor.live.child import Task, pass_on
from monitor.live.office import Office
from monitor.live.running import INTERRUPTED, serving, stopping
from monitor.live.status import CameraStatus
from monitor.live.supervisor import STOP_S, Supervisor
from monitor.live.telling import Told
from monitor.live.walk import Sight
from monitor.logs import is_json
from monitor.outputs.records import EventRecord
from monitor.settings import Settings
from monitor.settings.load import to_text

log = logging.getLogger(__name__)

LOOK_S = 0.1
"""So often processes are looked after, and signals answered."""

ALIVE_S = 1.0
"""So often systemd hears that the program is alive."""


class CameraProcess:
    """A camera's process; what it tells goes to `told` from a thread of its own."""

    def __init__(self, task: Task, told: Told) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "monitor.live.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=own_environment(),
            # Ctrl-C is for the program as a whole: it says when its cameras end.
            process_group=0,
        )
        self._told = told
        self._thread = threading.Thread(target=self._listen, name=f"camera {task.name}", daemon=True)
        self._thread.start()
        with suppress(OSError):  # it is gone already: its exit code tells
            assert self._process.stdin is not None
            self._process.stdin.write(task.to_line())
            self._process.stdin.flush()

    @property
    def exit_code(self) -> int | None:
        """See `Process`; what it told before its end has been passed on then."""
        code = self._process.poll()
        if code is not None:
            self._thread.join(STOP_S)
        return code

    def stop(self) -> None:
        """Ask it to end."""
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self.stop()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                try:
                    pass_on(line, self._told)
                except (ValueError, TypeError, KeyError) as error:
                    log.error("a camera's process said what is not understood: %s", error)


class _Hearing:
    """Passes on what a camera tells, with what only the supervisor knows of it."""

    def __init__(
        self, office: Told, hear: Callable[[CameraStatus], None], restarts: Callable[[], int]
    ) -> None:
        self._office = office
        self._hear = hear
        self._restarts = restarts

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        self._office.event(phase, record, snapshot)

    def notice(self, title: str, message: str, source: str) -> None:
        self._office.notice(title, message, source)

    def sight(self, sight: Sight) -> None:
        self._office.sight(sight)

    def status(self, status: CameraStatus) -> None:
        self._hear(status)
        self._office.status(replace(status, restarts=self._restarts()))


class _Current:
    """The office of the present settings: another takes over when they are read anew."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        self.office.event(phase, record, snapshot)

    def notice(self, title: str, message: str, source: str) -> None:
        self.office.notice(title, message, source)

    def sight(self, sight: Sight) -> None:
        self.office.sight(sight)

    def status(self, status: CameraStatus) -> None:
        self.office.status(status)


def supervise(
    load: Callable[[], Settings],
    settings: Settings,
    shown: Told,
    clock: Clock,
    *,
    record: bool,
    duration_s: float = math.inf,
    walk_test: bool = False,
) -> int:
    """Watch all cameras, each in a process of its own, until SIGTERM or SIGINT; return the exit code.

    SIGHUP reads the settings anew: cameras whose settings stayed the same go on untouched. Where the new
    ones are wrong all stays as it was.
    """
    current = _Current(Office(settings, shown, clock))

    def launch(name: str, own: Settings, hear: Callable[[CameraStatus], None]) -> CameraProcess:
        level = logging.getLevelName(logging.getLogger("monitor").getEffectiveLevel()).lower()
        form = "json" if is_json() else "text"
        task = Task(name, to_text(own), record, form, level, walk_test)
        return CameraProcess(task, _Hearing(current, hear, lambda: supervisor.restarts(name)))

    supervisor = Supervisor(launch, current, clock)
    wake, reload = threading.Event(), threading.Event()

    def ask_to_reload(number: int, frame: FrameType | None) -> None:
        reload.set()
        wake.set()

    with ExitStack() as stack:
        stack.callback(lambda: current.office.close())
        before = signal.signal(signal.SIGHUP, ask_to_reload)
        stack.callback(signal.signal, signal.SIGHUP, before)
        stop = threading.Event()
        signals = stack.enter_context(stopping(stop.set))
        current.office.start()
        alive = stack.enter_context(serving(lambda: current.office, settings))
        stack.callback(supervisor.kill)
        supervisor.set(_cameras(settings))
        told_s = -math.inf
        until_s = clock.monotonic_s() + duration_s
        while not (stop.is_set() or supervisor.is_over or clock.monotonic_s() >= until_s):
            supervisor.step()
            if (now_s := clock.monotonic_s()) - told_s >= ALIVE_S:
                alive()
                told_s = now_s
            if reload.is_set():
                reload.clear()
                settings = _reloaded(load, settings, current, supervisor, shown, clock)
            stop.wait(LOOK_S)
        supervisor.stop()
        while not supervisor.is_over:
            supervisor.step()
            clock.sleep(LOOK_S / 4)
    return INTERRUPTED if signal.SIGINT in signals else supervisor.exit_code


def _cameras(settings: Settings) -> dict[str, Settings]:
    return {name: settings.of_camera(name) for name in settings.cameras}


def _reloaded(
    load: Callable[[], Settings],
    before: Settings,
    current: _Current,
    supervisor: Supervisor,
    shown: Told,
    clock: Clock,
) -> Settings:
    """Read the settings anew and return those that hold now."""
    try:
        settings = load()
        if settings == before:
            log.warning("the settings are read anew: nothing has changed")
            return before
        office = Office(settings, shown, clock)
    except MonitorError as error:
        log.error("The settings stay as they were: %s", error)
        return before
    # What is told meanwhile waits in the new one; no alert is in the hands of both.
    old, current.office = current.office, office
    old.close()
    office.start()
    supervisor.set(_cameras(settings))
    log.warning("the settings are read anew")
    return settings
