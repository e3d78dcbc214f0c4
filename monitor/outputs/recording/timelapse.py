"""A day in a minute or two: one picture every few seconds, in a video per day."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from monitor.clock import Clock
from monitor.events.event import EventChange, NearMiss
from monitor.frames import Gap
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.privacy import Polygon
from monitor.outputs.recording.parts import Parts
from monitor.outputs.recording.rawclips import EncodedParts
from monitor.outputs.recording.still import Still, bytes_of, still_of
from monitor.outputs.recording.worker import Worker
from monitor.outputs.sink import Observation

SHOWN_RATE_HZ = 25
"""Pictures per second when it is played: with one every 10 s a day takes not quite six minutes."""


class TimelapseSink:
    """Adds the frame that comes `every_s` seconds of the source after the last to the video of its day (UTC).

    Each picture is on the disk at once. A day that was begun before a restart goes on in another file. It is
    always encoded in software: one picture every few seconds is next to nothing.
    """

    def __init__(
        self,
        name_of: Callable[[datetime], Path],
        guard: DiskGuard,
        worker: Worker,
        clock: Clock,
        *,
        every_s: float,
        max_height_px: int,
        privacy: Sequence[Polygon] = (),
    ) -> None:
        self._name_of = name_of
        self._guard = guard
        self._worker = worker
        self._clock = clock
        self._every_s = every_s
        self._max_height_px = max_height_px
        self._privacy = privacy
        self._last_s: float | None = None
        self._day: date | None = None
        self._video: EncodedParts | None = None
        self._count = 0

    def take(self, observation: Observation) -> None:
        """Add this frame where it is due; returns at once."""
        frame = observation.frame
        if self._last_s is not None and frame.time_s - self._last_s < self._every_s:
            return
        self._last_s = frame.time_s
        kept = still_of(frame, self._max_height_px, self._privacy)
        wall = frame.wall_time or self._clock.wall()
        self._worker.offer(lambda: self._add(kept, wall.astimezone(UTC)), bytes_of(kept))

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """The video of the day goes on after the gap."""

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Complete the video: no frame comes any more."""
        self.close()

    def close(self) -> None:
        """Complete the video and wait until it is written; safe to call twice."""
        self._worker.add(self._complete)
        self._worker.drain()

    def _add(self, still: Still, wall: datetime) -> None:
        if self._video is None or wall.date() != self._day:
            self._complete()
            self._day, self._count = wall.date(), 0
            parts = Parts(self._name_of(wall), self._guard, fragment_s=1 / SHOWN_RATE_HZ)
            self._video = EncodedParts(parts)
        self._video.write([replace(still, time_s=self._count / SHOWN_RATE_HZ)])
        self._count += 1

    def _complete(self) -> None:
        if self._video is not None:
            self._video.complete()
            self._video = None
