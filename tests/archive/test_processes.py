"""Processes that do jobs: what goes wrong with one costs that job alone."""

import logging
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from monitor.archive.executor import Ended, Progress
from monitor.archive.processes import LocalProcesses
from tests.archive.jobs import Dying, Endless, Greedy, Hanging, OpenedByOpenCV, Square, Wrong

HANG_S = 100.0
"""Longer than any of these jobs takes."""


@pytest.fixture
def processes() -> Iterator[LocalProcesses]:
    executor = LocalProcesses(1, hang_s=HANG_S)
    yield executor
    executor.close()


def all_of(executor: LocalProcesses, jobs: Sequence[Square]) -> list[Ended[Square]]:
    return list(executor.run(iter(jobs), lambda job, progress: None))


def test_one_process_does_one_job_after_the_other(processes: LocalProcesses) -> None:
    ended = all_of(processes, [Square(number) for number in range(3)])
    assert [one.result[0] for one in ended] == [0, 1, 4]
    assert len({one.result[1] for one in ended}) == 1


def test_a_job_that_kills_its_process_is_one_fault_and_the_rest_goes_on(processes: LocalProcesses) -> None:
    dead, alive = all_of(processes, [Dying(1), Square(2)])
    assert dead.fault == (
        "job 1 crashed its decoder (SIGSEGV); check that it plays elsewhere, or leave it out."
    )
    assert dead.result is None
    assert alive.result[0] == 4


def test_a_process_that_ran_out_of_memory_is_told_as_such(processes: LocalProcesses) -> None:
    (dead,) = all_of(processes, [Dying(1, signal.SIGKILL)])
    assert "memory" in str(dead.fault)


def test_a_job_that_is_silent_for_too_long_is_given_up() -> None:
    executor = LocalProcesses(1, hang_s=1.0)
    dead, alive = all_of(executor, [Hanging(1), Square(2)])
    executor.close()
    assert dead.fault == "job 1 gave no picture for 1 s; check that it plays elsewhere, or leave it out."
    assert alive.result[0] == 4


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell of memory")
def test_a_job_that_takes_too_much_memory_is_given_up_and_the_rest_goes_on() -> None:
    executor = LocalProcesses(1, hang_s=HANG_S, memory_mb=400)
    dead, alive = all_of(executor, [Greedy(1), Square(2)])
    executor.close()
    assert dead.fault == (
        "job 1 took more than 400 MB of memory (archive.memory_mb); check that it plays elsewhere, "
        "or leave it out."
    )
    assert alive.result[0] == 4


def test_a_fault_of_the_program_comes_with_its_traceback(
    processes: LocalProcesses, caplog: pytest.LogCaptureFixture
) -> None:
    wrong, right = all_of(processes, [Wrong(1), Square(2)])
    assert wrong.fault == "job 1: ValueError: a fault of the program; this is a fault of the program"
    assert "in run" in str(wrong.trace)
    assert right.result[0] == 4
    assert caplog.record_tuples == [("monitor.test", logging.WARNING, "now it comes")]


def test_an_early_end_is_heard_and_begins_nothing_more(processes: LocalProcesses) -> None:
    heard: list[Progress] = []

    def hear(job: Square, progress: Progress) -> None:
        heard.append(progress)
        processes.stop()

    ended = list(processes.run(iter([Endless(3), Square(4)]), hear))
    assert [one.result[0] for one in ended] == [9]
    assert heard[0] == Progress(frames=1)


def test_jobs_are_taken_only_when_they_can_be_begun(processes: LocalProcesses) -> None:
    taken = []

    def jobs() -> Iterator[Square]:
        for number in range(3):
            taken.append(number)
            yield Square(number)

    ended = processes.run(jobs(), lambda job, progress: None)
    assert taken == []
    next(ended)
    assert taken == [0]


def test_several_processes_work_at_the_same_time() -> None:
    executor = LocalProcesses(2, hang_s=HANG_S)
    running: set[int] = set()

    def hear(job: Square, progress: Progress) -> None:
        running.add(job.number)
        if len(running) == 2:  # which neither could see if they came one after the other
            executor.stop()

    ended = list(executor.run(iter([Endless(1), Endless(2)]), hear))
    executor.close()
    assert {one.result[0] for one in ended} == {1, 4}


def test_after_the_close_no_process_is_left() -> None:
    executor = LocalProcesses(1, hang_s=HANG_S)
    running = executor.run(iter([Hanging(1)]), lambda job, progress: None)
    executor.start()
    (process,) = (slot.process for slot in executor._slots)
    executor.close()
    executor.close()
    assert process.returncode == -signal.SIGKILL
    running.close()  # type: ignore[attr-defined]


def test_a_recording_that_makes_opencv_abort_is_one_fault(processes: LocalProcesses) -> None:
    beside = Path(__file__).parents[3] / "shared" / "data"
    video = Path(os.environ.get("MONITOR_DATA", beside)) / "raw" / "raw_bgr_48x48.avi"
    if not video.is_file():
        pytest.skip(f"the real recordings are not at {video.parents[1]}; set MONITOR_DATA")
    dead, alive = all_of(processes, [OpenedByOpenCV(1, path=str(video)), Square(2)])
    if dead.result is not None:
        pytest.skip("this OpenCV reads it")
    assert "crashed its decoder (SIG" in str(dead.fault)
    assert alive.result[0] == 4
