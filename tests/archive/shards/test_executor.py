"""Recordings are cut where processes would have nothing to do, and scanned as a whole where that fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.executor import Ended, J, Progress
from monitor.archive.manifest import Entry, State
from monitor.archive.shards.executor import Shards
from monitor.archive.shards.jobs import ConcludeJob, PartJob, PlanJob
from monitor.archive.shards.measured import Measured
from monitor.archive.shards.plan import Part, Plan
from monitor.archive.shards.reel import Reel
from monitor.archive.task import Task
from monitor.capture.opening import Input
from monitor.settings import Settings, load_settings
from tests.archive.shards.recordings import record

HALVES = Plan(60.0, (Part(0.0, 0.0, 30.0), Part(20.0, 30.0, None)))


@dataclass
class Inline:
    """An executor of `size` that does one job after the other by `do`; a `str` is a fault."""

    size: int
    do: Callable[[Any], Any]
    done: list[Any] = field(default_factory=list)
    is_stopped: bool = False

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        while not self.is_stopped and (job := next(jobs, None)) is not None:
            self.done.append(job)
            result = self.do(job)
            yield Ended(job, fault=result) if isinstance(result, str) else Ended(job, result)

    def stop(self) -> None:
        self.is_stopped = True

    def close(self) -> None:
        pass


def task(name: str = "a.mp4", *settings: str, **more: Any) -> Task:
    return Task(Input(name), load_settings(None, None, list(settings) or ["outputs.annotate=false"]), **more)


def entry(job: Task) -> Entry:
    return replace(job.failed(""), state=State.DONE, error=None)


def in_halves(job: Any) -> Any:
    """Do a job without any picture: the recording ends within its first half."""
    if isinstance(job, PlanJob):
        return HALVES
    if isinstance(job, PartJob):
        return Measured(Reel(), last_s=29.0, last_index=290)
    return entry(job.task if isinstance(job, ConcludeJob) else job)


def names(ended: list[Ended[Task]]) -> list[str]:
    return [one.job.name for one in ended]


def run(executor: Inline, *tasks: Task, cores: int = 2, parts: int | None = None) -> list[Ended[Task]]:
    return list(Shards(executor, cores, parts=parts).run(iter(tasks), lambda job, progress: None))


def kinds(executor: Inline) -> list[type]:
    return [type(job) for job in executor.done]


def test_as_many_recordings_as_processes_are_not_cut() -> None:
    executor = Inline(2, in_halves)
    assert names(run(executor, task("a.mp4"), task("b.mp4"))) == ["a.mp4", "b.mp4"]
    assert kinds(executor)[0] is Task


def test_the_last_recording_is_cut_for_processes_that_have_nothing_to_do() -> None:
    executor = Inline(2, in_halves)
    (ended,) = run(executor, task())
    assert kinds(executor) == [PlanJob, PartJob, PartJob, ConcludeJob]
    assert executor.done[0].count == 2
    assert ended.result.state is State.DONE


def test_processes_are_shared_among_the_recordings_that_are_left() -> None:
    executor = Inline(8, in_halves)
    run(executor, task("a.mp4"), task("b.mp4"), task("c.mp4"))
    assert executor.done[0].count == 3


def test_no_more_parts_are_made_than_are_wanted() -> None:
    executor = Inline(4, in_halves)
    run(executor, task(), cores=4, parts=2)
    assert executor.done[0].count == 2
    assert {job.task.threads for job in executor.done} == {2}


def test_where_one_part_is_wanted_the_whole_is_scanned() -> None:
    executor = Inline(2, in_halves)
    run(executor, task(), parts=1)
    assert kinds(executor) == [Task]


@pytest.mark.parametrize(
    "whole",
    [
        task("a.mp4", "outputs.annotate=true"),
        task("a.mp4", "outputs.annotate=false", "archive.triage=auto"),
        task(masks=Path("masks")),
        replace(task(), item=Input("folder", images=(Path("1.png"),))),
    ],
)
def test_what_needs_every_picture_or_few_is_not_cut(whole: Task) -> None:
    executor = Inline(2, in_halves)
    run(executor, whole)
    assert kinds(executor) == [Task]


def test_what_is_not_cut_is_decoded_with_the_cores_of_all_processes() -> None:
    executor = Inline(2, lambda job: Plan() if isinstance(job, PlanJob) else entry(job))
    run(executor, task(threads=1), cores=2)
    assert kinds(executor) == [PlanJob, Task]
    assert executor.done[1].threads == 2


@pytest.mark.parametrize("becomes", ["a.mp4 crashed its decoder (SIGSEGV).", None])
def test_a_part_that_cannot_be_read_leaves_it_to_the_scan_of_the_whole(becomes: str | None) -> None:
    says = "a.mp4 crashed its decoder (SIGSEGV); leave it out."
    fails = {PlanJob: HALVES, PartJob: becomes, Task: says}
    executor = Inline(2, lambda job: fails[type(job)])
    (ended,) = run(executor, task())
    assert ended.fault == says
    assert kinds(executor).count(Task) == 1


def test_a_crash_while_it_is_written_is_one_fault() -> None:
    executor = Inline(2, lambda job: "it crashed" if isinstance(job, ConcludeJob) else in_halves(job))
    assert [one.fault for one in run(executor, task())] == ["it crashed"]


def test_progress_is_that_of_all_parts_together() -> None:
    told: list[Progress] = []

    class Telling(Inline):
        def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
            for ended in super().run(jobs, heard):
                heard(ended.job, Progress(10, 5.0))
                yield ended

    shards = Shards(Telling(2, in_halves))
    list(shards.run(iter([task()]), lambda job, progress: told.append(progress)))
    assert [(one.frames, one.scanned_s, one.duration_s) for one in told[1:3]] == [
        (10, 5.0, 60.0),
        (20, 10.0, 60.0),
    ]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """What makes 40 s long enough for two parts."""
    out = tmp_path_factory.mktemp("out")
    given = ["outputs.annotate=false", "advanced.background.learning_s=3", f"outputs.folder={out}"]
    return load_settings(None, None, given)


def test_of_a_recording_that_the_user_stops_the_measured_beginning_is_kept(
    settings: Settings, tmp_path: Path
) -> None:
    long = Task(Input(str(record("walkers before and after", tmp_path))), settings)

    def until_a_part_is_done(job: Any) -> Any:
        if isinstance(job, PartJob):
            executor.stop()
        return job.run(lambda progress: False)

    executor = Inline(2, until_a_part_is_done)
    (ended,) = run(executor, long)
    assert kinds(executor) == [PlanJob, PartJob]
    assert ended.result.state is State.STOPPED
    assert ended.result.events == {"motion": 1}
    assert 19.0 < ended.result.scanned_s < 21.0
    assert (settings.outputs.folder / ended.result.folder / "events.jsonl").is_file()
