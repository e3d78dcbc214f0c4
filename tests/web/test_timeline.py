"""A timeline over the API."""

from pathlib import Path
from typing import Any

import pytest

from monitor.clock import SimulatedClock
from tests.cli.journals import some_events
from tests.outputs.journal.given import at
from tests.web.given import browser, site, with_users

NOON_TO_TWO_MINUTES: dict[str, Any] = {
    "from": "2025-11-21T12:00:00Z",
    "to": "2025-11-21T12:02:00Z",
    "bins": 12,
}


def test_a_timeline_has_parts_with_events_and_where_nothing_was_seen(tmp_path: Path) -> None:
    made = site(tmp_path, *some_events(), clock=SimulatedClock(at(120)))
    answer = browser(made).get("/api/timeline", params=NOON_TO_TWO_MINUTES).json()
    assert (answer["start"], answer["part_s"], answer["parts"]) == ("2025-11-21T12:00:00.000Z", 10.0, 12)
    yard = next(lane for lane in answer["events"] if lane["source"] == "yard")
    assert yard["parts"] == [[1, 1, 10.0, 12.0], [2, 1, 20.0, None]]
    assert [(span["source"], span["state"]) for span in answer["unseen"]] == [
        ("gate", "blind"),
        ("yard", "not_running"),
    ]


def test_a_viewer_of_one_camera_sees_nothing_of_others(tmp_path: Path) -> None:
    made = site(tmp_path, *some_events(), clock=SimulatedClock(at(120)))
    with_users(made.accounts)
    answer = browser(made, "victor").get("/api/timeline", params=NOON_TO_TWO_MINUTES)
    assert "gate" not in answer.text


@pytest.mark.parametrize(
    "params",
    [{"from": "2025-11-22T00:00:00Z", "to": "2025-11-21T00:00:00Z"}, {"bins": 0}, {"bins": 10**9},
     {"from": "0001-01-01T00:00:00Z"}, {"from": "yesterday"}, {"camera": ["x"] * 101}],
)  # fmt: skip
def test_what_makes_no_timeline_is_refused(tmp_path: Path, params: dict[str, Any]) -> None:
    assert browser(site(tmp_path)).get("/api/timeline", params=params).status_code == 422
