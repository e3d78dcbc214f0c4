"""Arming by schedule and by hand."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.alerts.arming import Arming
from monitor.clock import SimulatedClock

HOURS = ["mon-fri 08:00-17:00"]
FRIDAY_NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def test_without_a_schedule_all_is_armed_until_somebody_disarms() -> None:
    clock = SimulatedClock()
    arming = Arming(clock, UTC)
    assert arming.is_armed("driveway")
    arming.set("driveway", False)
    clock.advance(30 * 86400)
    assert (arming.is_armed("driveway"), arming.is_armed("garden")) == (False, True)


def test_the_schedule_arms_and_disarms() -> None:
    clock = SimulatedClock(FRIDAY_NOON)
    arming = Arming(clock, UTC, HOURS)
    assert arming.is_armed("driveway")
    assert arming.next_change_s() == 5 * 3600
    clock.advance(5 * 3600)
    assert not arming.is_armed("driveway")


def test_what_is_set_by_hand_holds_until_the_schedule_changes() -> None:
    clock = SimulatedClock(FRIDAY_NOON)
    arming = Arming(clock, UTC, HOURS)
    arming.set("driveway", False)
    assert not arming.is_armed("driveway")
    clock.advance(5 * 3600)
    arming.set("driveway", True)
    assert arming.is_armed("driveway")
    clock.advance(63 * 3600 + 1)  # Monday, when the schedule arms anyway
    assert arming.is_armed("driveway")
    clock.advance(9 * 3600)
    assert not arming.is_armed("driveway")


def test_what_is_set_by_hand_outlives_a_restart(tmp_path: Path) -> None:
    clock, file = SimulatedClock(FRIDAY_NOON), tmp_path / "arming.json"
    Arming(clock, UTC, HOURS, file).set("driveway", False)
    again = Arming(clock, UTC, HOURS, file)
    assert not again.is_armed("driveway")
    clock.advance(86400 * 3)
    assert again.is_armed("driveway")


@pytest.mark.parametrize("content", ["", "[]", '{"driveway": true}', "{nonsense"])
def test_a_damaged_file_leaves_the_schedule_to_decide(
    content: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "arming.json"
    file.write_text(content)
    assert Arming(SimulatedClock(), UTC, file=file).is_armed("driveway")
    assert "the schedule decides" in caplog.text


@pytest.mark.logs_errors
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    arming = Arming(SimulatedClock(), UTC, file=tmp_path / "file" / "arming.json")
    arming.set("driveway", False)
    assert not arming.is_armed("driveway")
    assert "forgotten at a restart" in caplog.text


def test_who_asked_is_told_of_a_change() -> None:
    arming = Arming(SimulatedClock(), UTC)
    told: list[bool] = []
    arming.on_change(lambda: told.append(arming.is_armed("driveway")))
    arming.set("driveway", False)
    assert told == [False]
