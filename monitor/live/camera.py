"""One camera from its pictures to its events, for as long as it is wanted."""

import logging
import math
import threading
from datetime import datetime

from monitor import app
from monitor.analysis.scores import State
from monitor.capture.live.opening import live_reader
from monitor.clock import Clock
from monitor.errors import SourceError
from monitor.frames import Frame, Gap
from monitor.live.governor import Governor, Level, finds, levels, told
from monitor.live.relief import Relief
from monitor.live.relief import told as relieved
from monitor.live.status import CameraState, CameraStatus
from monitor.live.telling import Told
from monitor.live.usage import Usage
from monitor.live.wiring import Desk
from monitor.memory import give_back_memory, memory_bytes
from monitor.pipeline import Pace, Pipeline
from monitor.settings import Settings
from monitor.settings.live import share_of

log = logging.getLogger(__name__)

STATUS_S = 1.0
"""Time between two reports of how it is doing; whoever waits for one in vain knows that it hangs."""

GIVE_BACK_S = 30.0
"""Time between two returns of free memory: what warm-up took is soon given back, and it costs 0.01 %."""


class CameraWatch:
    """Watches the one camera of the settings (`Settings.of_camera`). Opened by a context manager, `run` once.

    `run` returns after `stop`, which any thread may call, after `duration_s`, or at the end of a recording.
    Raises `UsageError` and `MissingPackageError` for what no waiting can mend, `SourceError` for a recording
    that cannot be read.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        told: Told,
        clock: Clock,
        *,
        record: bool = True,
        duration_s: float = math.inf,
        walk_test: bool = False,
    ) -> None:
        camera = settings.cameras[name]
        self._name = name
        self._told = told
        self._clock = clock
        self._duration_s = duration_s
        self._is_recording = camera.kind_of_address == "file"
        self._stopped = threading.Event()
        self._desk = Desk(name, settings, told, clock, record=record, walk_test=walk_test)
        self._reader = live_reader(
            camera, name=name, clock=clock, tap=self._desk.tap, attention=self._desk.attention
        )
        self._analyser = app.analyser_of(settings)
        detectors = self._detectors = app.detectors_of(settings)
        self._pipeline = Pipeline(
            self._analyser,
            app.judge_of(settings, name),
            self._desk.outputs,
            app.pace_of(settings),
            detectors,
        )
        self._set_pace(settings.advanced.analysis.max_rate_hz)
        self._usage = Usage(clock)
        budget = settings.live.cpu_budget
        self._budget = budget
        self._governor: Governor | None = None
        if budget is not None:
            self._governor = Governor(share_of(budget), levels(settings), clock.monotonic_s())
        # A recording that is tried at its own pace may wait; a budget makes steps of its own.
        self._relief: Relief | None = None
        if budget is None and not self._is_recording:
            self._relief = Relief(settings.advanced.analysis.max_rate_hz, clock.monotonic_s())
        self._settings = settings
        self._finds: str | None = None
        self._state = CameraState.STARTING
        self._gap: Gap | None = None
        self._gap_s = 0.0
        self._last_wall: datetime | None = None
        self._delay_s: float | None = None
        self._reported_s = self._gave_back_s = -math.inf

    def stop(self) -> None:
        """End `run` within a tenth of a second; may be called from any thread and from a signal handler."""
        self._stopped.set()

    def run(self) -> None:
        """Watch until stopped; then complete all files."""
        import cv2

        # One picture of a camera is small: OpenCV's threads would only wait for each other.
        cv2.setNumThreads(1)
        self._desk.start()
        self._report()
        try:
            with self._reader:
                self._watch()
        finally:
            self._pipeline.finish()
            self._desk.close()
            self._state = CameraState.STOPPED
            self._report()

    def _watch(self) -> None:
        begun_s = self._clock.monotonic_s()
        while not self._stopped.is_set():
            item = self._reader.take()
            if isinstance(item, Frame):
                self._step(item)
            elif item is not None and not self._goes_on(item):
                return
            now_s = self._clock.monotonic_s()
            self._desk.tick()
            if now_s - self._reported_s >= STATUS_S:
                self._report()
            if now_s - begun_s >= self._duration_s:
                return

    def _step(self, frame: Frame) -> None:
        self._pipeline.step(frame)
        watching = self._pipeline.state is State.WATCHING
        self._state = CameraState.WATCHING if watching else CameraState.WARMING_UP
        self._last_wall = frame.wall_time
        if frame.wall_time is not None:
            self._delay_s = (self._clock.wall() - frame.wall_time).total_seconds()

    def _goes_on(self, gap: Gap) -> bool:
        """Judge the gap; return whether pictures may come after it."""
        if self._is_recording:
            if self._last_wall is None:
                raise SourceError(f"{self._name}: {gap.why}")
            return False
        self._pipeline.gap(gap)
        if gap.end_s is None:
            self._gap, self._state = gap, CameraState.BLIND
        else:
            self._gap = None
            self._gap_s += gap.end_s - gap.start_s
        return True

    def _set_pace(self, rate_hz: float) -> None:
        """Analyse so many pictures a second; the others stay with the source, unless they are encoded."""
        self._pipeline.set_pace(Pace(rate_hz))
        pace, desk = Pace(rate_hz), self._desk
        self._reader.is_due = lambda time_s: desk.needs_every_frame or pace.is_due(time_s)

    def _report(self) -> None:
        self._reported_s = self._clock.monotonic_s()
        if self._gap is not None and self._state is not CameraState.STOPPED:
            # A crash during the gap then loses seconds of what is known of it.
            self._desk.note_gap(self._gap.why)
        self._usage.look()
        if self._reported_s - self._gave_back_s >= GIVE_BACK_S:
            self._gave_back_s = self._reported_s
            give_back_memory()
        if self._governor is not None:
            self._govern(self._governor)
        elif self._relief is not None:
            self._relieve(self._relief)
        self._told.status(self._status())

    def _govern(self, governor: Governor) -> None:
        """Hold the budget; a step is never silent."""
        used, size, before = self._usage.fraction, self._reader.statistics.size, governor.level
        if used is None or size is None:
            return
        if governor.look(used, self._clock.monotonic_s()):
            level = governor.level
            self._usage.forget()
            self._set_pace(level.rate_hz)
            if level.max_height_px != before.max_height_px:
                self._analyser.set_height(level.max_height_px)
            self._finds = finds(level, self._settings, size)
            self._tell(*told(governor, used, str(self._budget), self._finds))
        self._finds = self._finds or finds(governor.level, self._settings, size)

    def _relieve(self, relief: Relief) -> None:
        """Look at fewer pictures rather than drop them by chance; a step is never silent."""
        size, dropped = self._reader.statistics.size, self._reader.statistics.dropped
        if size is not None and relief.look(dropped, self._clock.monotonic_s()):
            self._set_pace(relief.rate_hz)
            level = Level(relief.rate_hz, self._settings.advanced.analysis.max_height_px)
            found = finds(level, self._settings, size)
            self._finds = None if relief.is_full else found
            self._tell(*relieved(relief, found))

    def _tell(self, title: str, message: str) -> None:
        log.warning("%s: %s", self._name, message)
        self._told.notice(f"{self._name}: {title}", message, self._name)

    def _status(self) -> CameraStatus:
        read, desk = self._reader.statistics, self._desk
        since_s = 0.0
        if self._gap is not None and self._gap.wall_time is not None:
            since_s = max((self._clock.wall() - self._gap.wall_time).total_seconds(), 0.0)
        return CameraStatus(
            name=self._name,
            state=self._state,
            why=None if self._gap is None else self._gap.why,
            frames=read.frames,
            analysed=self._pipeline.analysed,
            dropped=read.dropped,
            reconnects=read.reconnects,
            rate_hz=read.rate_hz,
            width_px=None if read.size is None else read.size.width,
            height_px=None if read.size is None else read.size.height,
            last_frame_wall=self._last_wall,
            events=dict(desk.counts.events),
            open_events=len(desk.counts.open),
            near_misses=desk.counts.near_misses.total(),
            near_miss_rules=dict(desk.counts.near_misses),
            gap_s=self._gap_s + since_s,
            recording=desk.recording,
            pictures_lost=desk.worker.refused,
            waiting=desk.journal.waiting,
            failed_outputs={**desk.outputs.failing, **(self._detectors.failures if self._detectors else {})},
            stage_s=self._pipeline.stages.mean_s(),
            delay_s=self._delay_s,
            cpu_fraction=self._usage.fraction,
            memory_bytes=memory_bytes(),
            finds=self._finds,
        )
