"""The video file of each event of a live source: from before it began to after it ended, as it happens."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from monitor.capture.coded import CodedPicture
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Gap
from monitor.outputs.files import FileLedger
from monitor.outputs.frameclip import CONFIRM_S
from monitor.outputs.notice import Notice, NoticeKind, Notify
from monitor.outputs.recording.ring import CodedRing
from monitor.outputs.recording.worker import Worker
from monitor.outputs.sink import Observation
from monitor.outputs.video import ROUNDING_S

log = logging.getLogger(__name__)


class Timed(Protocol):
    """A picture, coded or decoded."""

    @property
    def time_s(self) -> float:
        """When it is shown, in seconds of the source."""
        ...

    @property
    def decode_s(self) -> float:
        """When it is decoded."""
        ...


T = TypeVar("T", bound=Timed)
Written = TypeVar("Written", bound=Timed, contravariant=True)


class Ring(Protocol[T]):
    """The last pictures of a source."""

    def add(self, picture: T, /) -> None:
        """Keep a picture."""
        ...

    def since(self, time_s: float, /) -> list[T]:
        """Return the pictures from `time_s` on, or from where they can be decoded."""
        ...


class Recording(Protocol[Written]):
    """What writes the pictures of one clip; used by the writing thread alone. Nothing raises."""

    def write(self, pictures: Sequence[Written], /) -> None:
        """Add pictures."""
        ...

    def lost(self) -> None:
        """Note that pictures are missing here."""
        ...

    def complete(self) -> tuple[Path, ...]:
        """Finish; return the files that there are."""
        ...


@dataclass(frozen=True, slots=True)
class ClipSpans:
    """How long clips are, in seconds: before and after the event, and at most."""

    pre_roll_s: float = 3.0
    post_roll_s: float = 3.0
    max_clip_s: float = 600.0


@dataclass(slots=True)
class _Clip(Generic[T]):
    """A clip that is being written; `until_s` is None while its event is open."""

    event_id: str
    recording: Recording[T]
    latest_s: float
    until_s: float | None = None
    shown_s: float = 0.0
    losing: bool = False

    def is_over(self, picture: Timed) -> bool:
        """Say whether the clip ends before this picture.

        In decoding order a picture behind the end comes before those that refer to it: they are taken too.
        """
        end_s = self.latest_s if self.until_s is None else min(self.until_s, self.latest_s)
        is_behind = picture.decode_s > end_s + ROUNDING_S and picture.time_s > self.shown_s
        self.shown_s = max(self.shown_s, picture.time_s)
        return is_behind


class LiveClips(Generic[T]):
    """Keeps a ring of pictures and records those around each event; every event has its own clip.

    A clip spans [start - pre_roll_s, end + post_roll_s], or to what had come when the event closed if that
    is later, but ends `max_clip_s` after the start at the latest. `push` is called in the source's thread,
    all else in the judge's; neither waits for the disk. Pictures that find the worker's queue full are left
    out. Where they are missing, or the start of the event no longer was in the ring, the clip is named
    incomplete.
    """

    def __init__(
        self,
        ring: Ring[T],
        size_of: Callable[[T], int],
        record: Callable[[Event], Recording[T]],
        worker: Worker,
        ledger: FileLedger,
        spans: ClipSpans,
    ) -> None:
        self._ring = ring
        self._size_of = size_of
        self._record = record
        self._worker = worker
        self._ledger = ledger
        self._spans = spans
        self._open: dict[str, _Clip[T]] = {}
        self._written: deque[tuple[str, tuple[Path, ...]]] = deque()
        self._lock = threading.Lock()

    def push(self, picture: T) -> None:
        """Keep a picture in the ring and add it to the clips that are open."""
        with self._lock:
            self._ring.add(picture)
            for clip in [clip for clip in self._open.values() if clip.is_over(picture)]:
                self._end(clip)
            if self._open:
                self._queue(list(self._open.values()), (picture,))

    def follow(self, changes: Sequence[EventChange]) -> None:
        """Begin and end clips as the events do, and name those in the records that are complete."""
        for change in changes:
            if change.phase is Phase.OPENED:
                self._begin(change.event)
            elif change.phase is Phase.CLOSED:
                self._close(change.event)
        self._settle()

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Take the last changes and complete all clips: no picture comes any more."""
        self.follow(changes)
        self.close()

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """Follow the events; while there is no picture, complete the clips whose events are over."""
        self.follow(changes)
        if gap.end_s is None:
            self.pause()

    def pause(self) -> None:
        """Complete the clips whose events are over: for some time the source gives no picture."""
        with self._lock:
            for clip in [clip for clip in self._open.values() if clip.until_s is not None]:
                self._end(clip)
        self._settle()

    def tick(self) -> None:
        """Name in the records the clips that have become whole."""
        self._settle()

    def close(self) -> None:
        """Complete all clips and wait until they are written; safe to call twice."""
        with self._lock:
            for clip in list(self._open.values()):
                self._end(clip)
        if not self._worker.drain():
            log.warning("clips are left unfinished: the disk does not answer")
        self._settle()

    def _begin(self, event: Event) -> None:
        self._ledger.hold(event.id)
        clip = _Clip(event.id, self._record(event), event.start_s + self._spans.max_clip_s)
        with self._lock:
            self._open[event.id] = clip
            pictures = self._ring.since(event.start_s - self._spans.pre_roll_s)
            if not pictures or pictures[0].time_s > event.start_s + ROUNDING_S:
                self._worker.add(clip.recording.lost)
            clip.shown_s = max((picture.time_s for picture in pictures), default=0.0)
            self._queue([clip], pictures)

    def _close(self, event: Event) -> None:
        with self._lock:
            if (clip := self._open.get(event.id)) is not None:
                end_s = event.start_s if event.end_s is None else event.end_s
                clip.until_s = end_s + self._spans.post_roll_s

    def _end(self, clip: _Clip[T]) -> None:
        del self._open[clip.event_id]
        self._worker.add(lambda: self._written.append((clip.event_id, clip.recording.complete())))

    def _queue(self, clips: list[_Clip[T]], pictures: Sequence[T]) -> None:
        def write() -> None:
            for clip in clips:
                clip.recording.write(pictures)

        fits = self._worker.offer(write, sum(map(self._size_of, pictures)))
        for clip in clips:
            if not fits and not clip.losing:
                self._worker.add(clip.recording.lost)
            clip.losing = not fits

    def _settle(self) -> None:
        while self._written:
            event_id, paths = self._written.popleft()
            if paths:
                self._ledger.wrote_clip(event_id, *paths)
            self._ledger.release(event_id)


class CodedClipSink(LiveClips[CodedPicture]):
    """Records a clip of each event by copying the source's packets; `push` is the source's `CodedTap`.

    The last seconds are kept within half of what the worker lets wait, so that they always find room there.
    """

    def __init__(
        self,
        record: Callable[[Event], Recording[CodedPicture]],
        worker: Worker,
        ledger: FileLedger,
        notify: Notify,
        spans: ClipSpans,
    ) -> None:
        def tell(message: str) -> None:
            notify(Notice(NoticeKind.PRE_ROLL, message))

        ring = CodedRing(spans.pre_roll_s + CONFIRM_S, worker.max_bytes // 2, tell)
        super().__init__(ring, _bytes_of, record, worker, ledger, spans)

    def take(self, observation: Observation) -> None:
        """Begin and end the clips of this frame's changes."""
        self.follow(observation.changes)


def _bytes_of(picture: CodedPicture) -> int:
    return len(picture.data)
