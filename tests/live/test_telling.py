"""What a camera's process tells arrives as it was told; alerts wait for their picture, but not for long."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.events.event import Event, Phase
from monitor.live.child import Task, Teller, pass_on
from monitor.live.routes import NOBODY, routed
from monitor.live.sinks import PICTURE_S, TellSink
from monitor.live.status import CameraState, CameraStatus
from monitor.outputs.files import EventFiles, FileLedger
from monitor.outputs.records import event_record
from monitor.settings import Settings
from tests.live.given import Told, opened

STATUS = CameraStatus(
    "drive", CameraState.BLIND, "no picture", frames=7, events={"motion": 2}, rate_hz=24.9,
    last_frame_wall=datetime(2026, 11, 21, 3, 5, 12, 480_000, tzinfo=UTC),
)  # fmt: skip


def test_lines_arrive_as_what_was_told() -> None:
    out, told = io.StringIO(), Told()
    teller = Teller(out)
    record = event_record(opened().event, EventFiles())
    teller.status(STATUS)
    teller.event(Phase.OPENED, record, Path("/a/b.jpg"))
    teller.event(Phase.CLOSED, record, None)
    teller.notice("disk", "it is full\nnow", "drive")
    for line in out.getvalue().splitlines():
        pass_on(line, told)
    assert told.statuses == [STATUS]
    assert told.events == [(Phase.OPENED, record, Path("/a/b.jpg")), (Phase.CLOSED, record, None)]
    assert told.notices == [("disk", "it is full\nnow", "drive")]


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", "3", '{"status": {"nome": 1}}', '{"event": ["grew", {}, 0]}']
)
def test_what_is_not_understood_is_an_error_that_can_be_caught(line: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        pass_on(line, Told())


def test_a_task_is_one_line() -> None:
    assert Task("a", '{"x":\n1}', True, "text", "info").to_line().count("\n") == 1


class Desk:
    def __init__(self, tmp_path: Path) -> None:
        self.clock, self.ledger, self.folder = SimulatedClock(), FileLedger(tmp_path), tmp_path
        self.told: list[tuple[Phase, Path | None]] = []
        self.sink = TellSink(self._tell, self.ledger, self.clock, tmp_path)

    def _tell(self, phase: Phase, event: Event, picture: Path | None) -> None:
        self.told.append((phase, picture))


def test_an_event_is_told_with_its_picture_as_soon_as_that_is_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sink.finish((opened(),), ())
    assert desk.told == []
    desk.ledger.wrote_snapshot("e1", tmp_path / "a.jpg")
    desk.sink.tick()
    assert desk.told == [(Phase.OPENED, tmp_path / "a.jpg")]


def test_it_is_told_without_when_the_picture_takes_too_long(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sink.finish((opened(),), ())
    desk.clock.advance(PICTURE_S)
    desk.sink.tick()
    assert desk.told == [(Phase.OPENED, None)]


def test_the_end_is_never_told_before_the_beginning(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sink.finish((opened(), opened(phase=Phase.CLOSED)), ())
    assert desk.told == []
    desk.sink.close()
    assert [phase for phase, _ in desk.told] == [Phase.OPENED, Phase.CLOSED]


def test_cameras_that_name_their_channels_are_told_of_by_those_alone() -> None:
    channel = {"command": ("true",)}
    settings = Settings.model_validate(
        {
            "cameras": {
                "a": {"address": "0", "alerts": ("phone",)},
                "b": {"address": "1"},
                "c": {"address": "2", "alerts": ()},
            },
            "alerts": {"command": {"phone": channel, "log": channel, "old": {**channel, "sources": ("c",)}}},
        }
    )
    sources = {name: channel.sources for name, channel in routed(settings).command.items()}
    assert sources == {"phone": ("a", "b"), "log": ("b",), "old": NOBODY}


def test_without_such_lists_the_channels_stay_as_they_are() -> None:
    settings = Settings.model_validate({"cameras": {"a": {"address": "0"}}})
    assert routed(settings) is settings.alerts
