"""Names of what is recorded live: by date and UTC time, none taken twice, what is not whole says so."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

from monitor.events.event import Event
from monitor.outputs.layout import unfinished


def marked_incomplete(path: Path) -> Path:
    """Return the name of a file that plays but lacks something; its suffix stays."""
    return path.with_name(f"{path.stem}.incomplete{path.suffix}")


def free_name(path: Path) -> Path:
    """Return `path`, or with -2, -3 … where that is taken, be it by an unfinished or incomplete file."""
    others = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in itertools.count(2))
    return next(name for name in itertools.chain([path], others) if not _is_taken(name))


def _is_taken(path: Path) -> bool:
    return any(name.exists() for name in (path, unfinished(path), marked_incomplete(path)))


class DatedNames:
    """The names of the files of one camera below its folder; day and time are UTC.

    A video that may not be MP4 gets the suffix of its codec when it is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def clip(self, event: Event) -> Path:
        """Return clips/2026-11-21/03-05-12.480-motion.mp4; clips/00012.480-motion.mp4 without a time."""
        return self._of_event("clips", event, ".mp4")

    def snapshot(self, event: Event) -> Path:
        """Return snapshots/2026-11-21/03-05-12.480-motion.jpg, named as the clip."""
        return self._of_event("snapshots", event, ".jpg")

    def segment(self, start: datetime) -> Path:
        """Return segments/2026-11-21/03-05-00.mp4."""
        start = start.astimezone(UTC)
        return self._folder / "segments" / f"{start:%Y-%m-%d}" / f"{start:%H-%M-%S}.mp4"

    def timelapse(self, day: datetime) -> Path:
        """Return timelapse/2026-11-21.mp4."""
        return self._folder / "timelapse" / f"{day.astimezone(UTC):%Y-%m-%d}.mp4"

    def _of_event(self, kind: str, event: Event, suffix: str) -> Path:
        if event.start_time is None:
            return self._folder / kind / f"{event.start_s:09.3f}-{event.kind}{suffix}"
        start = event.start_time.astimezone(UTC)
        second = f"{start:%H-%M-%S}.{start.microsecond // 1000:03d}"
        return self._folder / kind / f"{start:%Y-%m-%d}" / f"{second}-{event.kind}{suffix}"
