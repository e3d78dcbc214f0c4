"""Which recordings go when the time or the room is up, and how they go without the journal being wrong."""

import logging
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from monitor.clock import Clock
from monitor.outputs.journal.errors import JournalError
from monitor.outputs.journal.held import NamedFile, is_inside, named_files, set_state
from monitor.outputs.journal.journal import Journal
from monitor.outputs.layout import relative

log = logging.getLogger(__name__)

SEGMENTS = "segments"
"""Below a camera's folder: continuous recording, which belongs to no event."""

OPEN_S = 120.0
"""What was written to so recently may still be open. Fragments are written every second; segments are closed
when the next begins, and a slow disk may take a while."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How long and in how much room recordings are kept; None is without limit.

    `max_age_s` is for the files of events, `segment_age_s` for continuous recording; `camera_bytes` is for
    all files of one camera; the disk keeps at least `free_fraction` and `free_bytes` free.
    """

    max_age_s: float | None = None
    segment_age_s: float | None = None
    camera_bytes: int | None = None
    free_fraction: float | None = None
    free_bytes: int | None = None


class Why(StrEnum):
    """Which rule a file goes by."""

    AGE = "too old"
    CAMERA = "more than the camera may use"
    FREE = "too little space is free"


@dataclass(frozen=True, slots=True)
class Recording:
    """A file that may go. `at` is when it was recorded; `is_precious` that its event is kept or labelled."""

    path: Path
    camera: str
    at: datetime
    size_bytes: int
    is_segment: bool = False
    is_precious: bool = False
    is_open: bool = False
    named: NamedFile | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """A file that goes, and by which rule."""

    recording: Recording
    why: Why


def plan(
    recordings: Iterable[Recording], policy: Policy, now: datetime, total_bytes: int, free_bytes: int
) -> list[Removal]:
    """Return what goes, in order: what is too old, then the oldest until there is room enough.

    What is precious goes last, and never for its age; what is open never goes. `total_bytes` and
    `free_bytes` are the disk's.
    """
    left = sorted((r for r in recordings), key=lambda r: (r.is_precious, r.at, r.path))
    removals: list[Removal] = []

    def go(chosen: Iterable[Recording], why: Why) -> None:
        removals.extend(Removal(recording, why) for recording in chosen)
        gone = {removal.recording.path for removal in removals}
        left[:] = [recording for recording in left if recording.path not in gone]

    go([r for r in left if not r.is_open and _is_too_old(r, policy, now)], Why.AGE)
    if policy.camera_bytes is not None:
        for own in _by_camera(left).values():
            go(_first_of(own, sum(r.size_bytes for r in own) - policy.camera_bytes), Why.CAMERA)
    wanted = max(policy.free_bytes or 0, int((policy.free_fraction or 0.0) * total_bytes))
    freed = sum(removal.recording.size_bytes for removal in removals)
    go(_first_of(left, wanted - free_bytes - freed), Why.FREE)
    return removals


def _is_too_old(recording: Recording, policy: Policy, now: datetime) -> bool:
    limit_s = policy.segment_age_s if recording.is_segment else policy.max_age_s
    old = limit_s is not None and now - recording.at > timedelta(seconds=limit_s)
    return old and not recording.is_precious


def _by_camera(recordings: Iterable[Recording]) -> dict[str, list[Recording]]:
    cameras: dict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        cameras[recording.camera].append(recording)
    return cameras


def _first_of(recordings: Sequence[Recording], excess_bytes: int) -> list[Recording]:
    """Return the first that may go until they make up the excess, or all."""
    chosen = []
    for recording in recordings:
        if excess_bytes <= 0:
            break
        if not recording.is_open:
            chosen.append(recording)
            excess_bytes -= recording.size_bytes
    return chosen


Usage = Callable[[Path], tuple[int, int]]
"""Return total and free bytes of the disk that holds a folder."""


def disk_usage(folder: Path) -> tuple[int, int]:
    """Return total and free bytes; free is what this program may use."""
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free


class Retention:
    """Keeps an output folder within a policy; one thread at a time.

    Files that the journal names and those below a camera's `segments` may go, nothing else: what the
    program does not know it does not delete. The journal first says that a file is going, then the file
    goes, then the journal says that it is gone. So no record ever names a file that is not there, and a
    crash leaves at most files that are known to be going; the next `run` begins with these. While the
    journal is away nobody knows what people marked, so only segments go.
    """

    def __init__(
        self,
        folder: Path,
        journal: Journal,
        policy: Policy,
        clock: Clock,
        node: str,
        usage: Usage = disk_usage,
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._policy = policy
        self._clock = clock
        self._node = node
        self._usage = usage

    def listing(self) -> list[Removal]:
        """Return what `run` would delete now, and change nothing."""
        total, free = self._usage(self._folder)
        return plan(self._recordings(), self._policy, self._clock.wall(), total, free)

    def run(self) -> list[Removal]:
        """Delete what is to go, and return it. What cannot be deleted is logged and tried the next time."""
        with suppress(JournalError):
            finish_going(self._folder, self._journal, self._node)
        removals = self.listing()
        named = [r.recording.named for r in removals if r.recording.named is not None]
        set_state(self._journal, named, "going")
        done = [removal for removal in removals if _delete(self._folder, removal.recording.path)]
        set_state(self._journal, [r.recording.named for r in done if r.recording.named is not None], "gone")
        return done

    def _recordings(self) -> Iterator[Recording]:
        now = self._clock.wall()
        try:
            all_named: Mapping[str, NamedFile] = named_files(self._journal, self._node)
        except JournalError as error:
            log.warning("%s Until then only continuous recording makes room.", error)
            all_named = {}
        for named in all_named.values():
            if is_inside(named.path):
                yield from self._recording(self._folder / named.path, now, named)
        for folder in sorted(self._folder.glob(f"*/{SEGMENTS}")):
            segments = [s for path in folder.rglob("*") if path.is_file() for s in self._recording(path, now)]
            # The newest is being written, however seldom the camera gives a picture.
            newest = max(segments, key=lambda segment: segment.at, default=None)
            yield from (
                replace(segment, is_open=True) if segment is newest else segment for segment in segments
            )

    def _recording(self, path: Path, now: datetime, named: NamedFile | None = None) -> Iterator[Recording]:
        try:
            found = path.stat()
        except OSError:
            return  # `monitor check` tells of it
        written = datetime.fromtimestamp(found.st_mtime, UTC)
        is_fresh = (now - written).total_seconds() < OPEN_S or ".part" in path.name
        yield Recording(
            path=path,
            camera=relative(path, self._folder).split("/")[0],
            at=named.at if named else written,
            size_bytes=found.st_size,
            is_segment=named is None,
            is_precious=named is not None and named.is_precious,
            is_open=is_fresh or (named is not None and named.is_open),
            named=named,
        )


def finish_going(folder: Path, journal: Journal, node: str) -> list[str]:
    """Delete what the journal says is going, as a crash left it; return the paths."""
    going = named_files(journal, node, state="going")
    done = [named for path, named in going.items() if is_inside(path) and _delete(folder, folder / path)]
    set_state(journal, done, "gone")
    return [named.path for named in done]


def _delete(folder: Path, path: Path) -> bool:
    """Delete a file, and the folders that it leaves empty up to the camera's own; False where it stays."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be deleted: %s", path, error.strerror)
        return False
    for above in path.parents:
        if above.parent == folder or above == folder or folder not in above.parents:
            break
        try:
            above.rmdir()
        except OSError:
            break  # something is in it
    return True
