"""Scans of recordings whose workers are killed while they work: nothing is lost, nothing is there twice."""

import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.archive.engine import Archive, Verdict, Wanted
from monitor.archive.executor import Executor, Progress
from monitor.archive.manifest import Entry, Manifest, State, read
from monitor.archive.task import Task
from monitor.archive.workers import executor_of
from monitor.capture.opening import Input, inputs_of
from monitor.settings import Settings, load_settings
from tests.cli.recordings import crossing, record

pytest.importorskip("distributed", reason="Dask is not installed: pip install -e '.[cluster]'")

KILLS = 2
"""So many recordings lose the workers that read them, once each."""


class Killer:
    """Hears of a scan, and kills all workers when the first recordings are under way."""

    def __init__(self, executor: Executor, kills: int) -> None:
        self._executor = executor
        self._kills = kills
        self.hit: set[str] = set()
        self.ended: Counter[str] = Counter()

    def heard(self, task: Task, progress: Progress) -> None:
        if len(self.hit) < self._kills and task.name not in self.hit and progress.folder is not None:
            self.hit.add(task.name)
            client = self._executor._client  # type: ignore[attr-defined]
            for pid in client.run(os.getpid, on_error="return").values():
                if isinstance(pid, int):  # another answer is that of one that is dead already
                    os.kill(pid, signal.SIGKILL)

    def done(self, task: Task, entry: Entry) -> None:
        self.ended[task.name] += 1

    def skipped(self, item: Input, entry: Entry, why: Verdict) -> None: ...

    def same(self, item: Input, first: Input) -> None: ...


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three recordings of six seconds or a little more, each with one event."""
    folder = tmp_path_factory.mktemp("recordings")
    pictures = crossing(lasts_s=6.4)
    for number in range(3):
        record(folder / f"gate{number}.mp4", pictures[: len(pictures) - 2 * number])
    return folder


def scan(folder: Path, out: Path, scheduler: str | None, kills: int) -> tuple[list[Entry], Killer]:
    settings = _settings(out)
    wanted = [Wanted(item) for item in inputs_of([str(folder)])]
    with Manifest(out) as manifest, executor_of(scheduler, 2, hang_s=100.0) as executor:
        archive = Archive(settings, manifest, threads=1)
        killer = Killer(executor, kills)
        archive.scan(wanted, executor, killer)
        return archive.results(wanted), killer


def _settings(out: Path) -> Settings:
    out.mkdir()
    settings = load_settings(None, None, ["outputs.annotate=false"])
    outputs = settings.outputs.model_copy(update={"folder": out})
    return settings.model_copy(update={"outputs": outputs})


def spans(out: Path, entries: Sequence[Entry]) -> list[tuple[str, float, float]]:
    """Return the events of all recordings: which, from when to when; random ids are left away."""
    found = []
    for entry in entries:
        assert entry.folder is not None
        lines = (out / entry.folder / "events.jsonl").read_text().splitlines()
        found += [(entry.name, event["start_s"], event["end_s"]) for event in map(json.loads, lines)]
    return found


def test_workers_that_are_killed_midway_cost_neither_an_event_nor_a_double(
    recordings: Path, tmp_path: Path
) -> None:
    truth, _ = scan(recordings, tmp_path / "undisturbed", None, 0)
    entries, killer = scan(recordings, tmp_path / "killed", "local", KILLS)
    assert len(killer.hit) == KILLS
    assert killer.ended == Counter({f"gate{number}.mp4": 1 for number in range(3)})
    assert [(entry.state, entry.error) for entry in entries] == [(State.DONE, None)] * 3
    expected = spans(tmp_path / "undisturbed", truth)
    assert len(expected) == 3
    assert spans(tmp_path / "killed", entries) == expected
    out = tmp_path / "killed"
    assert len((out / "manifest.jsonl").read_text().splitlines()) == 3
    folders = {path.name for path in out.iterdir() if path.is_dir()}
    assert folders == {entry.folder for entry in read(out)}, "what killed workers left is gone"
    assert list(out.rglob(".unfinished")) == []
    assert len(list(out.rglob("clips/*.mp4"))) == 3
