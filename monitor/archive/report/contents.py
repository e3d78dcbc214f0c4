"""What the report tells, put together from what the scan left."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from monitor.archive.coverage import Coverage, Recording, Span, coverage_of
from monitor.archive.manifest import State
from monitor.archive.report.reading import File, Record, read_files
from monitor.events.event import Kind

BLINDING = frozenset({Kind.COVERED, Kind.BLINDED, Kind.FROZEN, Kind.CORRUPT_FRAME, Kind.SIGNAL_LOST})
"""Events in which nothing else could be seen. A moved or unsharp camera still shows something."""


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera: its files in their order, and how they lie in time (None where no time is known)."""

    name: str
    files: tuple[File, ...]
    coverage: Coverage | None

    def events(self) -> Iterator[tuple[File, Record]]:
        """Yield its events with their files, by time; those of files without a time come last."""
        yield from sorted(
            ((file, event) for file in self.files for event in file.events),
            key=lambda pair: (pair[1]["start_time"] is None, pair[1]["start_time"] or "", pair[1]["start_s"]),
        )


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the report tells; `zone` is that of its days and times, None the machine's own."""

    folder: Path
    zone: tzinfo | None
    files: tuple[File, ...]
    cameras: tuple[Camera, ...]
    kinds: Mapping[str, int]
    rules: Mapping[str, int]

    @property
    def scanned_s(self) -> float:
        """Seconds of video that were looked at."""
        return sum(f.scanned.length_s if f.scanned is not None else f.entry.scanned_s for f in self.files)

    @property
    def failed(self) -> list[File]:
        """The files that could not be read to their end."""
        return [f for f in self.files if f.entry.state is not State.DONE]

    @property
    def whole(self) -> Span | None:
        """From the first picture of all to the last; None where no time is known."""
        spans = [c.coverage.whole for c in self.cameras if c.coverage is not None]
        if not spans:
            return None
        return Span(min(s.start for s in spans), max(s.end for s in spans))

    def local(self, moment: str | datetime | None) -> datetime | None:
        """Return a moment in the zone of the report."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        return moment and moment.astimezone(self.zone)

    def zone_name(self) -> str:
        """Return the zone of the report by its names, both where the clocks change within its time."""
        whole = self.whole
        if whole is None:
            return str(self.zone or "local time")
        moments = [whole.start, whole.end]
        names = dict.fromkeys(name for moment in moments if (name := moment.astimezone(self.zone).tzname()))
        place = f" ({self.zone})" if self.zone is not None and str(self.zone) not in names else ""
        return "/".join(names) + place


def contents_of(out: Path, zone: tzinfo | None = None) -> Contents:
    """Return what there is to tell of the scan in `out`; raises `UsageError` where there was none."""
    files = read_files(out)
    by_camera: defaultdict[str, list[File]] = defaultdict(list)
    for file in files:
        by_camera[file.camera].append(file)
    return Contents(
        folder=out,
        zone=zone,
        files=tuple(files),
        cameras=tuple(_camera(name, own, zone) for name, own in sorted(by_camera.items())),
        kinds=_counted(event["kind"] for file in files for event in file.events),
        rules=_counted(miss["rule"] for file in files for miss in file.near_misses),
    )


def _camera(name: str, files: Sequence[File], zone: tzinfo | None) -> Camera:
    return Camera(name, tuple(files), coverage_of(_recordings(files), zone))


def _recordings(files: Iterable[File]) -> Iterator[Recording]:
    for file in files:
        if file.recorded is None or file.scanned is None:
            continue
        yield Recording(
            file.entry.name,
            file.recorded,
            file.scanned,
            tuple(_blind(file)),
            is_sure=file.entry.start_time_from != "mtime",
        )


def _blind(file: File) -> Iterator[Span]:
    for event in file.events:
        if event["kind"] in BLINDING and event["end_time"] is not None:
            yield Span(datetime.fromisoformat(event["start_time"]), datetime.fromisoformat(event["end_time"]))


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())
