"""The thread that writes: what it is given is done in order, and nobody waits for it."""

import threading

import pytest

from monitor.clock import SimulatedClock
from monitor.outputs.notice import Notice, NoticeKind
from monitor.outputs.recording.worker import GATHER_S, TELL_AGAIN_S, Worker


@pytest.fixture
def gate(worker: Worker) -> threading.Event:
    """A job that holds the worker up until the gate is opened: a disk that stands still."""
    opened, reached = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        opened.wait()

    worker.add(wait)
    reached.wait()
    return opened


def test_jobs_are_done_in_order(worker: Worker) -> None:
    done: list[int] = []
    for number in range(100):
        assert worker.offer(lambda number=number: done.append(number), 1)  # type: ignore[misc]
    assert worker.drain()
    assert done == list(range(100))


def test_what_finds_no_room_is_refused_counted_and_told_once_a_minute(
    worker: Worker, gate: threading.Event, clock: SimulatedClock, notices: list[Notice]
) -> None:
    done: list[str] = []
    assert worker.offer(lambda: done.append("fits"), 256_000_000)
    assert not worker.offer(lambda: done.append("does not"), 1)
    assert not worker.offer(lambda: done.append("does not"), 1)
    worker.add(lambda: done.append("is never refused"))
    assert worker.refused == 2
    assert [notice.kind for notice in notices] == [NoticeKind.PICTURES_LOST]
    clock.advance(TELL_AGAIN_S)
    assert not worker.offer(lambda: done.append("does not"), 1)
    assert len(notices) == 2
    assert "3 pictures were not recorded" in notices[1].message
    gate.set()
    assert worker.drain()
    assert done == ["fits", "is never refused"]
    assert worker.offer(lambda: None, 256_000_000)


def test_pictures_that_waited_are_written_unasked(worker: Worker, clock: SimulatedClock) -> None:
    written = threading.Event()
    done: list[int] = []
    for number in range(3):
        worker.offer(lambda number=number: done.append(number), 1)  # type: ignore[misc]
    clock.advance(GATHER_S)
    worker.offer(written.set, 1)
    assert written.wait(5)
    assert done == [0, 1, 2]


def test_waiting_for_a_disk_that_stands_still_ends(worker: Worker, gate: threading.Event) -> None:
    assert not worker.drain(timeout_s=0.01)
    gate.set()
    assert worker.drain()


@pytest.mark.logs_errors
def test_a_job_that_fails_does_not_stop_the_next(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    worker.add(lambda: done.append(str(1 / 0)))
    worker.add(lambda: done.append("next"))
    assert worker.drain()
    assert done == ["next"]
    assert "ZeroDivisionError" in caplog.text


def test_closing_does_what_is_queued_and_refuses_what_comes(worker: Worker, gate: threading.Event) -> None:
    done: list[str] = []
    worker.add(lambda: done.append("queued"))
    gate.set()
    worker.close()
    worker.close()
    assert done == ["queued"]
    assert not worker.offer(lambda: done.append("late"), 1)


def test_a_worker_that_never_started_is_closed(clock: SimulatedClock) -> None:
    worker = Worker("driveway", clock, lambda notice: None)
    worker.close()
    assert not worker.offer(lambda: None, 1)


def test_nobody_waits_for_a_worker_that_has_ended(worker: Worker) -> None:
    worker.close()
    assert worker.drain()
    worker.add(lambda: None)
    assert not worker.drain()
