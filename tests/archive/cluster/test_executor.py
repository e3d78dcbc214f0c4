"""Jobs on real Dask workers in processes of their own, killed while they work."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.executor import Ended, Progress
from tests.archive.cluster.jobs import Count, Crash, Fail, Wait

pytest.importorskip("distributed", reason="Dask is not installed: pip install -e '.[cluster]'")

from monitor.archive.cluster.connection import Connection
from monitor.archive.cluster.executor import DaskWorkers


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with Connection("local", workers=2) as connection:
        yield connection


@pytest.fixture
def workers(connection: Connection) -> Iterator[DaskWorkers]:
    connection.client.wait_for_workers(2)
    workers = DaskWorkers(connection.client)
    yield workers
    workers.close()


def run_all(workers: DaskWorkers, *jobs: Any) -> list[Ended[Any]]:
    return list(workers.run(iter(jobs), lambda job, progress: None))


def test_every_job_ends_once_with_its_result(workers: DaskWorkers) -> None:
    ended = run_all(workers, *map(Count, range(20)))
    assert sorted(one.result for one in ended) == list(range(20))
    assert all(one.result == one.job.number for one in ended)


def test_jobs_are_taken_only_when_a_worker_is_free(workers: DaskWorkers, tmp_path: Path) -> None:
    taken = []

    def jobs() -> Iterator[Wait]:
        for number in range(5):
            taken.append(number)
            yield Wait(tmp_path / "gate")

    def open_gate(job: Wait, progress: Progress) -> None:
        assert len(taken) <= 2
        (tmp_path / "gate").touch()

    for number, _ in enumerate(workers.run(jobs(), open_gate), 1):
        assert len(taken) <= number + 2
    assert len(taken) == 5


def test_what_a_job_reports_is_heard(workers: DaskWorkers) -> None:
    heard: list[tuple[Any, Progress]] = []
    list(workers.run(iter([Count(7)]), lambda *told: heard.append(told)))
    assert heard == [(Count(7), Progress(frames=7))]


def test_a_worker_that_is_killed_midway_costs_a_retry_and_nothing_else(
    workers: DaskWorkers, tmp_path: Path
) -> None:
    killed: set[int] = set()

    def kill_the_first(job: Any, progress: Progress) -> None:
        if isinstance(job, Wait) and progress.folder is not None:
            if not killed:
                killed.add(int(progress.folder))
                os.kill(int(progress.folder), signal.SIGKILL)
            elif int(progress.folder) not in killed:
                (tmp_path / "gate").touch()

    jobs: list[Any] = [Wait(tmp_path / "gate"), *map(Count, range(5))]
    ended = list(workers.run(iter(jobs), kill_the_first))
    assert len(killed) == 1
    assert [one.result for one in ended if isinstance(one.job, Wait)] == ["through the gate"]
    assert sorted(one.result for one in ended if isinstance(one.job, Count)) == list(range(5))


def test_a_file_that_crashes_every_worker_is_one_fault_and_the_others_go_on(workers: DaskWorkers) -> None:
    ended = run_all(workers, Count(1), Crash(), Count(2), Count(3))
    assert sorted(one.result for one in ended if one.fault is None) == [1, 2, 3]
    (fault,) = [one.fault for one in ended if one.fault is not None]
    assert fault == (
        "crash.mp4 ended 3 workers that read it, one after the other; check that it plays elsewhere, "
        "or leave it out."
    )


def test_what_a_job_raises_is_a_fault_of_the_program_with_its_trace(workers: DaskWorkers) -> None:
    (ended,) = run_all(workers, Fail())
    assert ended.fault == "fail.mp4: ZeroDivisionError: no such luck; this is a fault of the program"
    assert ended.trace is not None
    assert "jobs.py" in ended.trace


def test_an_early_end_lets_running_jobs_give_what_they_have_and_begins_no_more(
    workers: DaskWorkers, tmp_path: Path
) -> None:
    begun = set()

    def stop(job: Wait, progress: Progress) -> None:
        begun.add(job.name)
        if len(begun) == 2:
            workers.stop()

    jobs = (Wait(tmp_path / "gate", name=f"{number}.mp4") for number in range(100))
    ended = list(workers.run(jobs, stop))
    assert [one.result for one in ended] == ["ended early"] * 2
    assert list(workers.run(jobs, stop)) == []


def test_closing_takes_back_what_runs_so_that_the_workers_are_free(
    connection: Connection, tmp_path: Path
) -> None:
    class HeardError(Exception):
        pass

    def give_up(job: Wait, progress: Progress) -> None:
        raise HeardError

    workers = DaskWorkers(connection.client)
    with pytest.raises(HeardError):
        list(workers.run(iter([Wait(tmp_path / "gate")] * 2), give_up))
    workers.close()
    workers.close()
    again = DaskWorkers(connection.client)
    assert len(run_all(again, *map(Count, range(4)))) == 4
    again.close()
