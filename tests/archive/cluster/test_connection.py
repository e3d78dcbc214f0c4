"""Schedulers and workers that other people started: found, checked, and what is said where they are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import monitor
from monitor.errors import ClusterError, UsageError
from tests.archive.cluster.jobs import Count, Wait
from tests.archive.cluster.processes import cluster, scheduler, worker

pytest.importorskip("distributed", reason="Dask is not installed: pip install -e '.[cluster]'")

from monitor.archive.cluster import connection as connecting
from monitor.archive.cluster.connection import Connection
from monitor.archive.cluster.executor import DaskWorkers


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


@pytest.fixture(scope="module")
def connection(address: str) -> Iterator[Connection]:
    with Connection(address) as connection:
        yield connection


def test_jobs_run_on_workers_that_were_started_elsewhere(connection: Connection) -> None:
    workers = DaskWorkers(connection.client)
    ended = list(workers.run(iter(map(Count, range(5))), lambda job, progress: None))
    assert sorted(one.result for one in ended) == list(range(5))
    workers.close()


def test_a_worker_with_another_version_is_told_and_one_with_this_accepted(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.refuse_other_versions()
    there = monitor.__version__
    monkeypatch.setattr(monitor, "__version__", "9.9")
    with pytest.raises(ClusterError, match=rf"than 9\.9 here \(on tcp://.*: {there}\); install the same"):
        connection.refuse_other_versions()


def test_a_worker_that_does_not_see_a_path_is_told_and_one_that_does_accepted(
    connection: Connection, tmp_path: Path
) -> None:
    connection.refuse_blind_workers([tmp_path])
    with pytest.raises(ClusterError, match=r"does not see .*/nowhere; put it on storage that all"):
        connection.refuse_blind_workers([tmp_path, tmp_path / "nowhere"])


def test_an_address_that_nobody_answers_is_told_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_CONNECT_S", 0.2)
    with (
        pytest.raises(ClusterError, match="start one with `dask scheduler`"),
        Connection("tcp://127.0.0.1:1"),
    ):
        pass


def test_a_scheduler_without_workers_is_told_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_WORKERS_S", 0.2)
    with (
        scheduler(tmp_path) as (_, address),
        pytest.raises(ClusterError, match=r"dask worker tcp://.* --nworkers auto --nthreads 1"),
        Connection(address),
    ):
        pass


def test_workers_of_its_own_may_take_no_more_memory_than_is_said() -> None:
    with Connection("local", workers=1, memory_mb=700) as connection:
        workers = connection.client.scheduler_info()["workers"].values()
        assert [worker["memory_limit"] for worker in workers] == [700_000_000]


@pytest.mark.parametrize("address", ["here", "http://host:8786", "host:8786"])
def test_what_is_no_address_of_a_scheduler_is_told(address: str) -> None:
    with pytest.raises(UsageError, match="give tcp://host:8786, tls://host:8786, or local"):
        Connection(address)


def test_a_scheduler_that_dies_midway_ends_the_scan_with_a_sentence(tmp_path: Path) -> None:
    with scheduler(tmp_path) as (process, address), worker(address), Connection(address) as connection:
        workers = DaskWorkers(connection.client)
        with pytest.raises(ClusterError, match=r"The scheduler is gone\. What was done until then is kept"):
            list(workers.run(iter([Wait(tmp_path / "gate")]), lambda job, progress: process.kill()))
        workers.close()
