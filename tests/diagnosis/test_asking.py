"""Questions are answered whatever becomes of the others."""

import threading
from collections.abc import Iterator

import pytest

from monitor.diagnosis.asking import Question, answers
from monitor.errors import SourceError
from monitor.health.check import Check, State

FINE = Check("disk", State.OK, "fine")


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    """Something that is waited for in vain until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_answers_come_in_the_order_of_the_questions() -> None:
    asked = [Question("a", lambda: FINE), Question("b", lambda: [FINE, FINE]), Question("c", lambda: [])]
    assert list(answers(asked)) == [FINE, FINE, FINE]


def test_one_that_hangs_is_a_problem_and_the_others_are_answered(hang: threading.Event) -> None:
    def wait() -> Check:
        hang.wait()
        return FINE

    first, second = answers([Question("camera", wait, limit_s=0.02), Question("disk", lambda: FINE)])
    assert (first.name, first.state, first.found) == ("camera", State.PROBLEM, "no answer within 0.02 s")
    assert first.next_step
    assert second == FINE


def test_one_that_fails_is_a_problem_with_its_next_step_and_without_secrets() -> None:
    def fail() -> Check:
        raise SourceError("rtsp://a:hunter2@cam/x cannot be opened (refused); check the address.")

    (check,) = answers([Question("camera", fail)])
    assert check == Check(
        "camera", State.PROBLEM, "rtsp://***@cam/x cannot be opened (refused)", "check the address"
    )


def test_a_bug_in_one_hides_no_other() -> None:
    def fail() -> Check:
        raise ZeroDivisionError("a bug, token=abc")

    first, second = answers([Question("clock", fail), Question("disk", lambda: FINE)])
    assert first.found == "could not be asked: ZeroDivisionError: a bug, token=***"
    assert second == FINE


def test_those_that_wait_for_others_wait_together() -> None:
    meeting = threading.Barrier(3, timeout=5.0)

    def meet() -> Check:
        meeting.wait()
        return FINE

    asked = [Question(name, meet, remote=True) for name in "abc"]
    assert list(answers(asked)) == [FINE, FINE, FINE]
