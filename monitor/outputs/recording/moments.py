"""The picture of each live event: a first one at once, the best one in its place when the event is over."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2

from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Frame, Gap
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.files import FileLedger
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.recording.durable import replace_whole
from monitor.outputs.recording.names import free_name
from monitor.outputs.recording.worker import Worker
from monitor.outputs.sink import Observation
from monitor.outputs.still import JPEG

PRESS_S = 1.0
"""A frame that has been the best for so long is kept as JPEG, a twentieth of its size."""

_COLOUR_FACTOR = 3
"""A kept frame holds at most its luma and two chroma planes of that size."""


@dataclass(slots=True)
class _Moment:
    """The best frame of an event so far, as decoded or as JPEG; `path` once it has been written."""

    event: Event
    frame: Frame | None
    since_s: float
    jpeg: bytes | None = None
    path: Path | None = None


class LiveSnapshotSink:
    """Writes a picture of each event when it opens, and the best one over it when it closes.

    The best is the frame on which the event opened, then each on which its peak moved to that frame; at
    source size, as it was, without marks, privacy polygons black. `picture` gives it from memory, also where
    the disk takes none. Encoding and writing are the worker's.
    """

    def __init__(
        self,
        name_of: Callable[[Event], Path],
        guard: DiskGuard,
        worker: Worker,
        ledger: FileLedger,
        *,
        privacy: Sequence[Polygon] = (),
    ) -> None:
        self._name_of = name_of
        self._guard = guard
        self._worker = worker
        self._ledger = ledger
        self._privacy = privacy
        self._open: dict[str, _Moment] = {}
        self._done: deque[tuple[_Moment, bool]] = deque()
        self._last: Frame | None = None
        self._lock = threading.Lock()

    def take(self, observation: Observation) -> None:
        """Keep this frame where it is the best of an event, and write the pictures that are due."""
        self._last = observation.frame
        self._follow(observation.changes)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Write the pictures of the events that closed at the end of the source."""
        self._follow(changes)
        self.close()

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """Write the pictures of events that a gap opened or closed; the last picture is that of the gap."""
        self._follow(changes)

    def tick(self) -> None:
        """Name in the records the pictures that have been written."""
        self._settle()

    def close(self) -> None:
        """Wait until the pictures of closed events are written and let the others go; safe to call twice."""
        self._worker.drain()
        self._settle()
        self._open.clear()
        self._last = None

    def picture(self, event_id: str) -> bytes | None:
        """Return the best picture so far of an event that is open, as JPEG; None where there is none.

        From any thread; the first call after the picture changed encodes it, which takes some milliseconds.
        """
        moment = self._open.get(event_id)
        return None if moment is None else self._pressed(moment)

    @property
    def kept_bytes(self) -> int:
        """How much memory the best pictures of open events take at most."""
        with self._lock:
            frames = [moment.frame for moment in self._open.values() if moment.frame is not None]
            jpegs = [moment.jpeg for moment in self._open.values() if moment.jpeg is not None]
            return _COLOUR_FACTOR * sum(frame.luma.nbytes for frame in frames) + sum(map(len, jpegs))

    def _follow(self, changes: tuple[EventChange, ...]) -> None:
        for change in changes:
            event = change.event
            if self._last is not None and (
                change.phase is Phase.OPENED or event.peak_frame == self._last.index
            ):
                self._keep(event, self._last)
            if change.phase is Phase.OPENED and event.id in self._open:
                self._ledger.hold(event.id)
                self._queue(self._open[event.id], is_last=False)
            elif change.phase is Phase.CLOSED and event.id in self._open:
                self._queue(self._open.pop(event.id), is_last=True)
        self._press()
        self._settle()

    def _keep(self, event: Event, frame: Frame) -> None:
        moment = self._open.setdefault(event.id, _Moment(event, None, frame.time_s))
        with self._lock:
            moment.frame, moment.since_s, moment.jpeg = frame, frame.time_s, None

    def _press(self) -> None:
        """Let the worker make JPEGs of the frames that have been the best for a while."""
        for moment in self._open.values():
            if moment.frame is None or self._last is None:
                continue
            if self._last.time_s - moment.since_s >= PRESS_S:
                moment.since_s = self._last.time_s  # once is enough, unless the worker is far behind
                self._worker.add(partial(self._pressed, moment))

    def _queue(self, moment: _Moment, *, is_last: bool) -> None:
        def write() -> None:
            self._write(moment)
            self._done.append((moment, is_last))

        self._worker.add(write)

    def _settle(self) -> None:
        while self._done:
            moment, is_last = self._done.popleft()
            if moment.path is not None:
                self._ledger.wrote_snapshot(moment.event.id, moment.path)
            if is_last:
                self._ledger.release(moment.event.id)

    def _pressed(self, moment: _Moment) -> bytes | None:
        with self._lock:
            frame, jpeg = moment.frame, moment.jpeg
        if frame is None:
            return jpeg
        done, data = cv2.imencode(".jpg", blacken(frame.bgr(), self._privacy), JPEG)
        jpeg = data.tobytes() if done else None
        with self._lock:
            if moment.frame is frame:
                moment.frame, moment.jpeg = None, jpeg
        return jpeg

    def _write(self, moment: _Moment) -> None:
        jpeg = self._pressed(moment)
        if jpeg is None or not self._guard.may_write():
            return
        try:
            path = moment.path or free_name(self._name_of(moment.event))
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_whole(path, jpeg)
            moment.path = path
        except OSError as error:
            self._guard.failed(error)
