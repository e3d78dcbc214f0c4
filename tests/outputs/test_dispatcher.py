"""One failing sink and the others."""

import logging

import pytest

from monitor.errors import OutputError
from monitor.events.event import EventChange, NearMiss
from monitor.outputs.dispatcher import Dispatcher, Failure
from monitor.outputs.sink import Observation
from tests.outputs.scene import observation

pytestmark = pytest.mark.logs_errors


class Recorder:
    """Notes the calls; fails in those named."""

    needs_sigma = False

    def __init__(self, *failing: str) -> None:
        self.calls: list[str] = []
        self._failing = failing

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if call in self._failing:
            raise OutputError(f"{call} failed")

    def take(self, observation: Observation) -> None:
        self._note("take")

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        self._note("finish")

    def close(self) -> None:
        self._note("close")


class SigmaRecorder(Recorder):
    needs_sigma = True


class Broken(Recorder):
    def take(self, observation: Observation) -> None:
        raise ZeroDivisionError


def run(*sinks: Recorder, frames: int = 2) -> Dispatcher:
    dispatcher = Dispatcher({f"sink {number}": sink for number, sink in enumerate(sinks, 1)})
    for index in range(frames):
        dispatcher.take(observation(index))
    dispatcher.finish((), ())
    dispatcher.close()
    return dispatcher


def test_every_sink_gets_every_frame_and_the_end() -> None:
    first, second = Recorder(), Recorder()
    assert run(first, second).failures == []
    assert first.calls == second.calls == ["take", "take", "finish", "close"]


def test_a_sink_that_fails_is_closed_and_left_out_while_the_others_go_on() -> None:
    failing, sound = Recorder("take"), Recorder()
    run(failing, sound)
    assert failing.calls == ["take", "close"]
    assert sound.calls == ["take", "take", "finish", "close"]


def test_failures_tell_which_sink_and_why() -> None:
    assert run(Recorder(), Recorder("take")).failures == [Failure("sink 2", "take failed")]


def test_a_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        run(Recorder("take", "close"), frames=5)
    assert [record.getMessage() for record in caplog.records] == [
        "sink 1 is left out from here on: take failed"
    ]


@pytest.mark.parametrize("call", ["finish", "close"])
def test_a_failure_at_the_end_does_not_keep_others_from_closing(call: str) -> None:
    sound = Recorder()
    dispatcher = run(Recorder(call), sound)
    assert dispatcher.failures == [Failure("sink 1", f"{call} failed")]
    assert sound.calls[-1] == "close"


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run(Broken())


def test_sigma_is_asked_for_if_one_sink_needs_it() -> None:
    assert Dispatcher({"a": Recorder(), "b": SigmaRecorder()}).needs_sigma
    assert not Dispatcher({"a": Recorder()}).needs_sigma
