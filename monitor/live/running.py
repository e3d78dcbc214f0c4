"""Runs the cameras of the settings: one within this process, or each in a process of its own."""

import logging
import math
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from monitor.clock import Clock, SystemClock
from monitor.live.office import Office
from monitor.live.telling import Told
from monitor.service.notifier import Notifier
from monitor.settings import Settings

log = logging.getLogger(__name__)

END_S = 4.8
"""After so long an end is forced: a disk or a server that hangs must not keep the program beyond five
seconds. What it leaves unfinished is settled at the next start."""

INTERRUPTED = 130
FORCED = 3


def watch_all(
    load: Callable[[], Settings],
    settings: Settings,
    shown: Told,
    *,
    record: bool = True,
    duration_s: float | None = None,
    here: bool = False,
    walk_test: bool = False,
    clock: Clock | None = None,
) -> int:
    """Watch all cameras of the settings until SIGTERM or SIGINT; return the exit code.

    `load` reads the settings anew, for SIGHUP. With `here` the one camera is watched within this process. A
    `walk_test` tells `shown` what is seen.
    """
    clock = clock or SystemClock()
    limit_s = math.inf if duration_s is None else duration_s
    if here:
        return _watch_here(settings, shown, clock, record=record, duration_s=limit_s, walk_test=walk_test)
    from monitor.live.supervising import supervise

    return supervise(load, settings, shown, clock, record=record, duration_s=limit_s, walk_test=walk_test)


def _watch_here(
    settings: Settings, shown: Told, clock: Clock, *, record: bool, duration_s: float, walk_test: bool
) -> int:
    from monitor.live.camera import CameraWatch

    (name,) = settings.cameras
    office = Office(settings, shown, clock)
    watch = CameraWatch(
        name,
        settings.of_camera(name),
        office,
        clock,
        record=record,
        duration_s=duration_s,
        walk_test=walk_test,
    )
    with stopping(watch.stop) as signals, _deaf_to_reload(name):
        office.start()
        try:
            with serving(lambda: office, settings) as alive:
                office.on_status = alive
                watch.run()
        finally:
            office.close()
    return INTERRUPTED if signal.SIGINT in signals else 0


@contextmanager
def _deaf_to_reload(name: str) -> Iterator[None]:
    """Tell on SIGHUP, which others may send after they changed the settings, that a new start is needed."""

    def tell(number: int, frame: FrameType | None) -> None:
        log.warning("%s: new settings are taken up at the next start", name)

    before = signal.signal(signal.SIGHUP, tell)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@contextmanager
def serving(office: Callable[[], Office], settings: Settings) -> Iterator[Callable[[], None]]:
    """Serve numbers where the settings say so, and tell systemd that the program is ready, and its end.

    Gives what tells systemd that it is alive, while the cameras' watches are.
    """
    notifier = Notifier()
    with ExitStack() as stack:
        if settings.metrics.port is not None:
            from monitor.metrics import MetricsServer

            server = MetricsServer(
                lambda: list(office().statuses.values()),
                settings.outputs.folder,
                port=settings.metrics.port,
                address=settings.metrics.address,
            )
            stack.enter_context(server)
        notifier.ready()
        try:
            yield notifier.alive
        finally:
            notifier.stopping()


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[set[int]]:
    """Call `stop` on SIGTERM and SIGINT, and end the process where that takes too long.

    Gives the set of signals that came. A second SIGINT ends the program at once.
    """
    came: set[int] = set()

    def take(number: int, frame: FrameType | None) -> None:
        if number in came and number == signal.SIGINT:
            raise KeyboardInterrupt
        if not came:
            timer = threading.Timer(END_S, _force)
            timer.daemon = True
            timer.start()
        came.add(number)
        stop()

    before = {number: signal.signal(number, take) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _force() -> None:
    log.error(
        "The end is forced: something does not answer. What is unfinished is settled at the next start."
    )
    os._exit(FORCED)
