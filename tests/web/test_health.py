"""Health, coverage, alerts and metrics over the API."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.outbox import StoredAlert
from monitor.clock import SimulatedClock
from monitor.live.statefile import StatusFile
from monitor.live.status import CameraState, CameraStatus
from tests.outputs.journal.given import NOON, at, watched
from tests.web.given import browser, site, with_users


def test_a_blind_camera_and_a_failing_output_are_problems(tmp_path: Path) -> None:
    clock = SimulatedClock(NOON)
    status = CameraStatus("yard", CameraState.BLIND, "no route to host", failed_outputs={"clips": "full"})
    StatusFile(tmp_path, "yard", clock).write(status)
    health = browser(site(tmp_path, clock=clock)).get("/api/health").json()
    assert health["problems"] == ["yard: blind: no route to host", "yard: clips fails: full"]


def test_health_is_told_also_while_the_journal_is_away(tmp_path: Path) -> None:
    made = site(tmp_path)
    made.close()
    made.settings = made.settings.model_copy(
        update={"journal": made.settings.journal.model_copy(update={"url": str(tmp_path / "users.sqlite")})}
    )
    answer = browser(made).get("/api/health")
    assert answer.status_code == 200
    assert "database of another program" in answer.json()["problems"][0]


def test_coverage_tells_what_was_watched_of_each_day(tmp_path: Path) -> None:
    clock = SimulatedClock(at(200))
    answer = browser(site(tmp_path, watched(0, 100), clock=clock)).get("/api/coverage").json()
    (day,) = answer["days"]
    assert (day["day"], day["watching_s"], day["watched_fraction"]) == ("2025-11-21", 100.0, 0.5)
    assert answer["blind"][0]["why"] == "the program did not run"


def test_coverage_of_a_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    answer = browser(site(tmp_path)).get("/api/coverage", params={"zone": "../../etc/passwd"})
    assert answer.status_code == 422


def test_the_outbox_tells_what_waits_and_why(tmp_path: Path) -> None:
    made = site(tmp_path, alerts={"webhook": {"door": {"url": "https://example.org/secret"}}})
    record = {"schema": 1, "kind": "notice", "title": "the disk is full", "message": ""}
    body = {"phase": "notice", "record": record, "snapshot": "/etc/passwd"}
    later = NOON + timedelta(seconds=30)
    made.outbox.add(
        StoredAlert("1", "door", "k", "notice", "yard", NOON, later, 2, body, "waiting", "no answer")
    )
    answer = browser(made).get("/api/alerts")
    (alert,) = answer.json()["alerts"]
    assert (alert["title"], alert["state"], alert["last_error"]) == (
        "the disk is full",
        "waiting",
        "no answer",
    )
    assert answer.json()["channels"] == [{"name": "door", "kind": "webhook", "enabled": True}]
    assert "secret" not in answer.text


def test_a_test_that_does_not_arrive_says_why(tmp_path: Path) -> None:
    made = site(tmp_path, alerts={"webhook": {"door": {"url": "http://127.0.0.1:1/"}}})
    answer = browser(made).post("/api/alerts/door/test").json()
    assert answer["arrived"] is False
    assert answer["error"]


def test_there_is_no_test_of_a_channel_that_is_not_there(tmp_path: Path) -> None:
    assert browser(site(tmp_path)).post("/api/alerts/door/test").status_code == 404


def test_metrics_are_for_those_who_may_see_all_cameras(tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client", reason="the extra metrics is not installed")
    clock = SimulatedClock(NOON)
    StatusFile(tmp_path, "yard", clock).write(CameraStatus("yard", frames=7))
    made = site(tmp_path, clock=clock)
    assert 'monitor_frames_total{camera="yard"} 7.0' in browser(made).get("/metrics").text
    with_users(made.accounts)
    assert browser(made, "victor").get("/metrics").status_code == 403
