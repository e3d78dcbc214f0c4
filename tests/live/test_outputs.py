"""A sink that fails is started anew, and the others go on."""

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.errors import OutputError
from monitor.events.event import EventChange, NearMiss, Phase
from monitor.frames import Gap
from monitor.live.outputs import LiveOutputs
from monitor.live.sinks import Tap
from monitor.outputs.files import FileLedger
from monitor.outputs.jsonl import EventLog
from monitor.outputs.sink import Observation
from tests.live.given import opened

pytestmark = pytest.mark.logs_errors


@dataclass
class FakeSink:
    taken: list[str] = field(default_factory=list)
    error: Exception | None = None
    closed: int = 0

    def take(self, observation: Observation) -> None:
        raise NotImplementedError

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        if self.error is not None:
            raise self.error
        self.taken += [change.event.id for change in changes]

    def close(self) -> None:
        self.closed += 1


def tell(outputs: LiveOutputs, event_id: str) -> None:
    outputs.tick()
    outputs.finish((opened(event_id),), ())


@pytest.mark.parametrize("error", [OutputError("the disk is full"), ZeroDivisionError("a bug")])
def test_what_fails_is_made_anew_and_the_others_miss_nothing(error: Exception) -> None:
    clock, good, made = SimulatedClock(), FakeSink(), [FakeSink(error=error), FakeSink()]
    bad, again = made
    outputs = LiveOutputs({"bad": lambda: made.pop(0), "good": lambda: good}, clock)
    tell(outputs, "a")
    assert dict(outputs.failing) == {"bad": str(error)}
    tell(outputs, "b")
    clock.advance(1.0)
    tell(outputs, "c")
    assert (good.taken, again.taken, bad.closed) == (["a", "b", "c"], ["c"], 1)
    assert not outputs.failing


def test_a_sink_that_cannot_be_made_is_tried_again() -> None:
    clock, sink, tries = SimulatedClock(), FakeSink(), []

    def make() -> FakeSink:
        tries.append(clock.monotonic_s())
        if len(tries) < 4:
            raise OutputError("no room")
        return sink

    outputs = LiveOutputs({"late": make}, clock)
    for _ in range(100):
        tell(outputs, "a")
        clock.advance(0.5)
    assert tries == [0.0, 1.0, 3.0, 8.0]
    assert len(sink.taken) == 84


def test_it_is_told_once_in_full_and_then_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = SimulatedClock()
    outputs = LiveOutputs({"bad": lambda: FakeSink(error=OutputError("no room"))}, clock)
    with caplog.at_level(logging.ERROR):
        for _ in range(300):
            tell(outputs, "a")
            clock.advance(1.0)
    told = [record.getMessage() for record in caplog.records]
    assert 5 <= len(told) <= 7
    assert told[0] == "bad fails and will be started anew: no room"
    assert "more times" in told[1]


def test_sinks_keep_their_order_when_one_comes_back() -> None:
    clock, order = SimulatedClock(), []

    class Noting(FakeSink):
        def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
            super().finish(changes, near_misses)
            order.append(id(self))

    first, second, third = Noting(), Noting(), Noting(error=OutputError("no room"))
    made = [third, first]
    outputs = LiveOutputs({"first": lambda: made.pop(0), "second": lambda: second}, clock)
    tell(outputs, "a")
    clock.advance(2.0)
    order.clear()
    tell(outputs, "b")
    assert order == [id(first), id(second)]


def test_a_tap_hands_on_to_all() -> None:
    tap = Tap()
    taken: list[tuple[str, object]] = []
    tap.add(lambda picture: taken.append(("a", picture)))
    tap.add(lambda picture: taken.append(("b", picture)))
    tap("picture")  # type: ignore[arg-type]
    assert taken == [("a", "picture"), ("b", "picture")]


def test_an_event_that_a_gap_closed_is_in_the_log_before_pictures_are_back(tmp_path: Path) -> None:
    ledger, log = FileLedger(tmp_path), tmp_path / "events.jsonl"
    outputs = LiveOutputs({"events": lambda: EventLog(log, ledger)}, SimulatedClock())
    ledger.hold("e1")
    gap = Gap(1.5, None, "no picture for 5 s", None)
    outputs.gap(gap, (opened(phase=Phase.CLOSED),), ())
    outputs.tick()
    assert log.read_text() == ""
    ledger.release("e1")
    outputs.tick()
    assert json.loads(log.read_text())["id"] == "e1"
    outputs.close()


def test_what_fails_when_nothing_comes_is_made_anew_too() -> None:
    class Ticking(FakeSink):
        def tick(self) -> None:
            raise OutputError("the disk is full")

    clock, made = SimulatedClock(), [Ticking(), FakeSink()]
    outputs = LiveOutputs({"bad": lambda: made.pop(0)}, clock)
    outputs.tick()
    assert dict(outputs.failing) == {"bad": "the disk is full"}
    clock.advance(1.0)
    outputs.tick()
    assert not outputs.failing
