"""Keeps the process of each camera alive: started anew when it ends or hangs, the others left alone."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from monitor.clock import Clock
from monitor.errors import UsageError
from monitor.live.status import CameraState, CameraStatus
from monitor.live.telling import Told
from monitor.settings import Settings

log = logging.getLogger(__name__)

RESTART_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits after failures in a row, then always the last; the same as for a connection to a camera."""

PROVEN_S = 60.0
"""A process that lived for so long was no failed start: the next wait is the shortest."""

START_S = 150.0
"""Longest time up to the first sign of life: a journal of a million events may have to be migrated."""

STOP_S = 4.0
"""So long a process may take to complete its files; the program has to end within five seconds."""


class Process(Protocol):
    """The process of one camera."""

    @property
    def exit_code(self) -> int | None:
        """The code with which it ended, minus the signal that killed it; None while it lives."""
        ...

    def stop(self) -> None:
        """Ask it to complete its files and end; returns at once, safe to call twice."""
        ...

    def kill(self) -> None:
        """End it at once; returns when it is gone."""
        ...


Launch = Callable[[str, Settings, Callable[[CameraStatus], None]], Process]
"""Starts the process of a camera; it tells how it is doing, from any thread."""


@dataclass(slots=True)
class _Slot:
    """A camera and its process, None while it is not running."""

    settings: Settings
    start_s: float
    process: Process | None = None
    begun_s: float = 0.0
    heard_s: float | None = None
    stopped_s: float | None = None
    failures: int = 0
    restarts: int = 0
    is_over: bool = False
    last: CameraStatus | None = field(default=None)


class Supervisor:
    """Runs a process for each camera; `step` is to be called a few times a second.

    A process that ends with 0 is over: its recording has ended. One that ends with the code of a wrong use
    stays down until its settings change. Any other end, and a hang of `hang_s`, is followed by a new start
    after 1, 2, 5, 10, 30 s and then every 30 s, and `told`.
    """

    def __init__(self, launch: Launch, told: Told, clock: Clock) -> None:
        self._launch = launch
        self._told = told
        self._clock = clock
        self._slots: dict[str, _Slot] = {}
        self._leaving: list[_Slot] = []
        self._worst = 0

    @property
    def is_over(self) -> bool:
        """Whether no camera is watched any more, and none will be."""
        return not self._leaving and all(slot.is_over for slot in self._slots.values())

    @property
    def exit_code(self) -> int:
        """The code for the program's end: that of a camera which never could work, else 0."""
        return self._worst

    def set(self, cameras: Mapping[str, Settings]) -> None:
        """Watch these cameras: those that are new or whose settings changed are (re)started, no others."""
        now_s = self._clock.monotonic_s()
        for name in [name for name, slot in self._slots.items() if cameras.get(name) != slot.settings]:
            slot = self._slots.pop(name)
            log.info("%s: %s", name, "its settings changed" if name in cameras else "it is no longer watched")
            self._leave(slot, now_s)
        for name, settings in cameras.items():
            if name not in self._slots:
                self._slots[name] = _Slot(settings, now_s)

    def step(self) -> None:
        """Start what is due, and look after what runs."""
        now_s = self._clock.monotonic_s()
        self._leaving = [slot for slot in self._leaving if not self._is_gone(slot, now_s)]
        for name, slot in self._slots.items():
            if slot.process is not None:
                self._look_after(name, slot, slot.process, now_s)
            elif not slot.is_over and now_s >= slot.start_s and not self._is_leaving(name):
                self._start(name, slot, now_s)

    def stop(self) -> None:
        """Ask all processes to end; `step` on until `is_over`."""
        now_s = self._clock.monotonic_s()
        for slot in self._slots.values():
            self._leave(slot, now_s)
        self._slots.clear()

    def kill(self) -> None:
        """End all processes at once."""
        for slot in (*self._slots.values(), *self._leaving):
            if slot.process is not None:
                slot.process.kill()

    def _start(self, name: str, slot: _Slot, now_s: float) -> None:
        def hear(status: CameraStatus) -> None:
            slot.heard_s = self._clock.monotonic_s()
            slot.last = status

        slot.begun_s, slot.heard_s = now_s, None
        slot.process = self._launch(name, slot.settings, hear)

    def _look_after(self, name: str, slot: _Slot, process: Process, now_s: float) -> None:
        code = process.exit_code
        if code == 0:
            slot.process, slot.is_over = None, True
            log.info("%s: its recording has ended", name)
        elif code is not None:
            self._ended(name, slot, code, now_s)
        elif self._is_hung(slot, now_s):
            process.kill()
            limit_s = START_S if slot.heard_s is None else slot.settings.live.hang_s
            self._failed(name, slot, f"its process hung: no sign of life for {limit_s:g} s", now_s)

    def _is_hung(self, slot: _Slot, now_s: float) -> bool:
        if slot.heard_s is None:
            return now_s - slot.begun_s > START_S
        return now_s - slot.heard_s > slot.settings.live.hang_s

    def _ended(self, name: str, slot: _Slot, code: int, now_s: float) -> None:
        if code == UsageError.exit_code:
            slot.process, slot.is_over = None, True
            self._worst = code
            why = "it cannot be watched as it is set; see the log"
            self._told.status(CameraStatus(name, CameraState.STOPPED, why, restarts=slot.restarts))
            self._told.notice(f"{name} is not watched", f"{name}: {why}", name)
        else:
            cause = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            self._failed(name, slot, f"its process {cause}", now_s)

    def _failed(self, name: str, slot: _Slot, why: str, now_s: float) -> None:
        slot.process = None
        slot.failures = 1 if now_s - slot.begun_s > PROVEN_S else slot.failures + 1
        slot.restarts += 1
        delay_s = RESTART_S[min(slot.failures, len(RESTART_S)) - 1]
        slot.start_s = now_s + delay_s
        log.error("%s: %s; it is started anew in %g s", name, why, delay_s)
        self._told.status(CameraStatus(name, CameraState.RESTARTING, why, restarts=slot.restarts))
        if slot.failures == 1:
            self._told.notice(
                f"{name} was not watched for a moment",
                f"{name}: {why}; it is started anew. If this happens again and again, see the log.",
                name,
            )

    def _leave(self, slot: _Slot, now_s: float) -> None:
        if slot.process is not None:
            slot.stopped_s = now_s
            slot.process.stop()
            self._leaving.append(slot)

    def _is_gone(self, slot: _Slot, now_s: float) -> bool:
        assert slot.process is not None
        assert slot.stopped_s is not None
        if slot.process.exit_code is not None:
            return True
        if now_s - slot.stopped_s <= STOP_S:
            return False
        log.error(
            "A camera's process does not end and is killed; its last file is settled at the next start."
        )
        slot.process.kill()
        return True

    def _is_leaving(self, name: str) -> bool:
        """Whether the camera's process of before still completes its files."""
        return any(name in slot.settings.cameras for slot in self._leaving)

    def restarts(self, name: str) -> int:
        """Return how often the process of a camera was started anew."""
        return self._slots[name].restarts if name in self._slots else 0
