"""200,000 frames through the live pipeline faster than real time: does memory grow, do times drift?"""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

import av

from benchmarks.reliability.fault import Row, judged
from benchmarks.reliability.footage import RATE_HZ, access_units
from benchmarks.reliability.watching import CAMERA, QUICK, rows
from monitor.capture.coded import CodedFormat, CodedPicture, CodedTap
from monitor.capture.live.reader import LiveReader
from monitor.capture.live.source import Wanted, always
from monitor.capture.planes import bgr_of, planes_of
from monitor.capture.source import Problems, SourceInfo
from monitor.clock import SimulatedClock
from monitor.events.event import Phase
from monitor.frames import Frame, Gap, Size
from monitor.live.camera import CameraWatch
from monitor.live.status import CameraStatus
from monitor.live.walk import Sight
from monitor.memory import memory_bytes
from monitor.outputs.journal.schema import events
from monitor.outputs.records import EventRecord
from monitor.settings import Settings

FRAMES, SHORT_FRAMES = 200_000, 3_000
FIRST_SHARE = 0.1
"""Memory is first taken after so much: caches, the pre-roll and the allocator's pools are full by then."""

GROWTH_MB = 10.0
SIZE = Size(160, 120)
"""Small: what may leak does so for each frame, event and file, not for each pixel."""


class _Clock(SimulatedClock):
    """Moves with the pictures alone: what sleeps on it waits a moment of real time."""

    def sleep(self, duration_s: float, wake: threading.Event | None = None) -> bool:
        return (wake or threading.Event()).wait(min(max(duration_s, 0.0), 0.01))


class _Loop:
    """A live source of the loop, over and over, each picture when the one before has been judged."""

    def __init__(self, clock: _Clock, turn: threading.Semaphore, count: int, tap: CodedTap | None) -> None:
        self._clock, self._turn, self._count, self._tap = clock, turn, count, tap
        self.reads = 0
        self.problems = Problems()
        self.is_wanted: Wanted = always
        self.is_catching_up = False
        self.info = SourceInfo("loop", SIZE, float(RATE_HZ), codec="h264")
        self.units = access_units("libx264", SIZE)
        decoder = av.CodecContext.create("h264", "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.thread_count = 1
        packets = [av.Packet(unit) for unit in self.units]
        self.pictures = [picture for packet in packets for picture in decoder.decode(packet)]
        self.pictures += decoder.decode(None)
        self.format = CodedFormat("h264", SIZE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def __iter__(self) -> Iterator[Frame]:
        for number in range(self._count):
            self._turn.acquire()
            self._clock.advance(1 / RATE_HZ)
            self.reads += 1
            time_s, at = float(Fraction(number, RATE_HZ)), number % len(self.units)
            if self._tap is not None:
                is_key = at % RATE_HZ == 0
                self._tap(CodedPicture(self.units[at], time_s, time_s, is_key, self.format))
            picture = self.pictures[at]
            assert self.is_wanted(time_s), "every picture is analysed at this rate"
            yield Frame(number, time_s, *planes_of(picture), partial(bgr_of, picture), self._clock.wall())
        threading.Event().wait()


class _Reader(LiveReader):
    """Lets the next picture come when this one is taken; ends after the last."""

    def __init__(self, *arguments: Any, turn: threading.Semaphore, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turn = turn
        self.taken = 0
        self.on_frame: Any = None

    def take(self) -> Frame | Gap | None:
        item = super().take()
        if isinstance(item, Frame):
            self.taken += 1
            self.on_frame(self.taken, item)
            self._turn.release()
        return item


@dataclass(slots=True)
class _Ear:
    """Counts what is told."""

    opened: int = 0
    notices: int = 0
    last: CameraStatus | None = None

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        self.opened += phase is Phase.OPENED

    def notice(self, title: str, message: str, source: str) -> None:
        self.notices += 1

    def sight(self, sight: Sight) -> None:
        pass

    def status(self, status: CameraStatus) -> None:
        self.last = status


def soak(folder: Path, short: bool) -> Row:
    """Send many frames through all that watches one camera."""
    count = SHORT_FRAMES if short else FRAMES
    clock, turn, ear = _Clock(), threading.Semaphore(1), _Ear()
    settings = Settings.model_validate(
        {
            **QUICK,
            "cameras": {CAMERA: {"address": "rtsp://127.0.0.1/loop"}},
            "outputs": {"folder": folder / "out"},
            "recording": {"continuous": True, "min_free_mb": 0},
        }
    )
    memory_mb: list[float] = []
    offsets_s: deque[float] = deque(maxlen=1)
    worst_s = [0.0]

    def reader(camera: Any, *, name: str, clock: Any, tap: CodedTap | None, attention: object) -> _Reader:
        made = _Reader(partial(_Loop, clock, turn, count), name=name, tap=tap, clock=clock, turn=turn)
        made.on_frame = take
        return made

    def take(number: int, frame: Frame) -> None:
        offsets_s.append(frame.time_s - (number - 1) / RATE_HZ)
        worst_s[0] = max(worst_s[0], abs(offsets_s[0]))
        if number in (round(count * FIRST_SHARE), count):
            memory_mb.append((memory_bytes() or 0) / 1e6)
        if number == count:
            watch.stop()

    with patch("monitor.live.camera.live_reader", reader):
        watch = CameraWatch(CAMERA, settings.of_camera(CAMERA), ear, clock)
        watch.run()
    assert ear.last is not None
    due = count / len(access_units("libx264", SIZE)) * 2
    grown_mb = memory_mb[1] - memory_mb[0]
    kept = len(rows(folder / "out", events))
    return judged(
        f"{count:,} frames ({count / RATE_HZ / 3600:.1f} h at {RATE_HZ} frames/s) through reader, analysis, "
        "judge and all outputs, under a simulated clock",
        f"memory flat (below {GROWTH_MB:g} MB from a tenth on), no drift between time and frames, no frame "
        "lost",
        f"{memory_mb[0]:.0f} MB after {count * FIRST_SHARE:,.0f}, {memory_mb[1]:.0f} MB at the end "
        f"({grown_mb:+.1f}); time off by {worst_s[0] * 1e3:.2f} ms at most; {ear.last.dropped} dropped, "
        f"{ear.last.pictures_lost} not recorded; {ear.opened} events of {due:.0f} passages, {kept} in the "
        "journal",
        {
            "memory flat": grown_mb < GROWTH_MB,
            "no drift": worst_s[0] < 1 / RATE_HZ,
            "no frame dropped": not ear.last.dropped and ear.last.frames == count,
            "events in the journal": kept == ear.opened,
        },
    )
