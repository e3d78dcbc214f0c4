"""Integrity: each way in which a camera fails or is tampered with, and quiet recordings, in this process."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.accuracy.clips import labelled_clips
from benchmarks.accuracy.masksets import find_sets
from benchmarks.accuracy.matching import ACCEPTED, Span
from benchmarks.accuracy.tampering import PLACES, START_S, Trial
from benchmarks.results import Cell, table
from monitor import app
from monitor.analysis.analyser import Analyser
from monitor.capture.file import FileSource
from monitor.capture.opening import inputs_of, open_source
from monitor.capture.scene.encode import write_video
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.source import SceneSource
from monitor.events.event import Event, Kind
from monitor.frames import Frame
from monitor.settings import Settings

KINDS = frozenset(
    (
        Kind.COVERED,
        Kind.BLINDED,
        Kind.DEFOCUSED,
        Kind.CAMERA_MOVED,
        Kind.FROZEN,
        Kind.CORRUPT_FRAME,
        Kind.LIGHT_CHANGE,
        Kind.SCENE_CHANGE,
    )
)
"""The kinds that are about the whole picture."""

KNOWN: Mapping[str, str] = {
    "cctvcamerapros_driveway.mp4": "the maker's title is faded in at 15 s, and out at the end",
    "carpark_light": "a sunlit minute at 3 pictures a second, read as 25: the sun comes within a second",
}
"""What is truly to be seen where a recording without labels is not quiet."""

_EARLY_S = 0.5
_LATE_S = 1.0
"""An event may begin this much before its cause and after its end: it is judged over a second."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was told: its kind and frames, its start, and when it was told, in seconds."""

    kind: str
    first: int
    last: int
    start_s: float
    told_s: float


@dataclass(frozen=True, slots=True)
class Point:
    """What became of one strength: how late each run was told, None where it was not, and other kinds."""

    late_s: tuple[float | None, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """What is told on a real recording that no label says."""

    name: str
    duration_s: float
    alarms: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class IntegrityResults:
    """Points by trial and strength, and real recordings."""

    points: Sequence[tuple[Trial, float, Point]]
    recordings: Sequence[Recording]


def measure(trials: Iterable[Trial], data: Path) -> IntegrityResults:
    """Run all trials at all their strengths, and the real recordings in a folder, which may be absent."""
    points = [
        (
            trial,
            strength,
            point_of(trial, [told_of(trial, strength, scene) for scene in trial.scenes(strength)]),
        )
        for trial in trials
        for strength in trial.strengths
    ]
    return IntegrityResults(points, list(_recordings(data)))


def told_of(trial: Trial, strength: float, scene: Scene) -> list[Told]:
    """Return what is told of a scene by the defaults, its model learnt as live."""
    if not trial.coded:
        with SceneSource(scene) as source:
            return _told(app.analyser_of(Settings()), source)[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.mp4"
        write_video(scene, path, options={"g": f"{strength:g}"})
        with FileSource(path) as video:
            return _told(app.analyser_of(Settings()), video)[0]


def point_of(trial: Trial, runs: Sequence[Sequence[Told]]) -> Point:
    """Hold what was told in each run against what was tried."""
    accepted = ACCEPTED.get(trial.kind, {trial.kind})
    until_s = START_S + trial.lasts_s + _LATE_S
    late_s = []
    for told in runs:
        answers = [
            one.told_s - START_S
            for one in told
            if one.kind in accepted and START_S - _EARLY_S <= one.start_s <= until_s
        ]
        late_s.append(min(answers, default=None))
    return Point(tuple(late_s), tuple(one.kind for told in runs for one in told if one.kind not in accepted))


def report(results: IntegrityResults) -> str:
    """Return the tables of strengths and of real recordings."""
    alarms = [(one.name, alarm) for one in results.recordings for alarm in one.alarms]
    unknown = sum(name not in KNOWN for name, _ in alarms)
    minutes = sum(one.duration_s for one in results.recordings) / 60
    rows = [(name, one.kind, f"{one.first} to {one.last}", KNOWN.get(name)) for name, one in alarms]
    return "\n".join(
        [
            "Generated scenes as they are made, in this process, with the settings that everybody has; the "
            f"model is learnt from the first two seconds, what is tried begins at {START_S:g} s, in each of "
            f"{len(PLACES)} places in which nobody is. `found` are those of which an event of the kind is "
            "told (of a moved camera also scene_change), `told after s` is the median from the beginning to "
            "the frame on which it is told, `other events` are those of any other kind, motion too. Where "
            "the kind is –, nothing may be told.\n",
            table(
                ["kind", "what", "strength", "found", "told after s", "other events"],
                map(_row, results.points),
            ),
            f"Real recordings: {len(results.recordings)} of {minutes:.0f} minutes in all. Events of these "
            f"kinds that no label says: {len(alarms)}, of which {unknown} answer nothing to be seen.\n",
            table(["recording", "kind", "frames", "what is to be seen"], rows) if rows else "",
        ]
    )


def _row(result: tuple[Trial, float, Point]) -> list[Cell]:
    trial, strength, point = result
    late_s = [one for one in point.late_s if one is not None]
    others = ", ".join(f"{point.others.count(kind)} {kind}" for kind in sorted(set(point.others)))
    return [
        trial.kind or None,
        trial.what,
        f"{strength:g}",
        f"{len(late_s)} of {len(point.late_s)}" if trial.kind else None,
        f"{median(late_s):.1f}" if late_s else None,
        others or None,
    ]


def _recordings(data: Path) -> Iterator[Recording]:
    """Run the recordings as the command would, from the look ahead on."""
    settings = Settings()
    labelled = labelled_clips(data / "events") if (data / "events").is_dir() else []
    labels = {clip.path: clip.truth for clip in labelled}
    sets = {one.folder / "input": one.name for one in find_sets(data / "masks")}
    raw = sorted((data / "raw").glob("*"))
    for path in [*labels, *raw, *sets]:
        (item,) = inputs_of([str(path)])
        analyser = app.analyser_of(settings)
        app.look_ahead(analyser, item, settings)
        with open_source(item, rate_hz=settings.images.rate_hz) as source:
            told, end_s = _told(analyser, source)
        alarms = [one for one in told if one.kind in KINDS and not _is_labelled(one, labels.get(path, ()))]
        yield Recording(sets.get(path, path.name), end_s, tuple(alarms))


def _is_labelled(one: Told, truth: Iterable[Span]) -> bool:
    said = Span(one.kind, one.first, one.last)
    return any(
        one.kind in ACCEPTED.get(label.kind, {label.kind}) and label.grown().meets(said) for label in truth
    )


def _told(analyser: Analyser, frames: Iterable[Frame]) -> tuple[list[Told], float]:
    """Return what is told of frames at the pace of the command, and the time of the last of them."""
    judge, pace = app.judge_of(Settings(), "benchmark"), app.pace_of(Settings())
    events: dict[str, tuple[Event, float]] = {}
    time_s = 0.0
    for frame in frames:
        time_s = frame.time_s
        if not pace.is_due(time_s):
            continue
        for change in judge.update(analyser.update(frame)).changes:
            _, first_s = events.get(change.event.id, (change.event, time_s))
            events[change.event.id] = (change.event, first_s)
    for change in judge.finish().changes:
        events[change.event.id] = (change.event, events[change.event.id][1])
    return [_as_told(event, told_s) for event, told_s in events.values()], time_s


def _as_told(event: Event, told_s: float) -> Told:
    last = event.start_frame if event.end_frame is None else event.end_frame
    return Told(event.kind, event.start_frame, last, event.start_s, told_s)
