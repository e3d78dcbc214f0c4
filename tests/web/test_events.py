"""Events over the API."""

from pathlib import Path

from tests.cli.journals import some_events
from tests.outputs.journal.given import closed_entry
from tests.web.given import browser, site, with_users


def test_the_newest_events_come_first(tmp_path: Path) -> None:
    answer = browser(site(tmp_path, *some_events())).get("/api/events").json()
    assert [event["source"] for event in answer["events"]] == ["gate", "yard", "yard"]
    assert answer["next"] is None


def test_all_events_are_reached_page_by_page(tmp_path: Path) -> None:
    client = browser(site(tmp_path, *[closed_entry(number, number // 2) for number in range(1, 8)]))
    seen: list[str] = []
    asked: dict[str, str | int] = {"limit": 3}
    while True:
        answer = client.get("/api/events", params=asked).json()
        seen += [event["id"] for event in answer["events"]]
        if answer["next"] is None:
            break
        asked["before"] = answer["next"]
    assert len(seen) == len(set(seen)) == 7


def test_a_viewer_of_one_camera_sees_no_other(tmp_path: Path) -> None:
    made = site(tmp_path, *some_events())
    with_users(made.accounts)
    client = browser(made, "victor")
    assert {event["source"] for event in client.get("/api/events").json()["events"]} == {"yard"}
    assert client.get("/api/events", params={"camera": "gate"}).json()["events"] == []
    assert client.get("/api/events/60000003-0000-4000-8000-000000000000").status_code == 404


def test_a_label_and_its_note_are_kept(tmp_path: Path) -> None:
    client = browser(site(tmp_path, closed_entry(1)))
    event_id = client.get("/api/events").json()["events"][0]["id"]
    client.put(f"/api/events/{event_id}/label", json={"label": False, "note": "the cat"})
    client.put(f"/api/events/{event_id}/label", json={"label": True})
    found = client.get(f"/api/events/{event_id}").json()
    assert (found["label"], found["note"]) == (True, "the cat")


def test_files_are_named_by_role_and_never_by_path(tmp_path: Path) -> None:
    client = browser(site(tmp_path, closed_entry(1, clip="yard/clips/a.mp4")))
    event = client.get("/api/events").json()["events"][0]
    assert event["files"] == {"clip": f"/api/events/{event['id']}/files/clip"}
    assert "a.mp4" not in client.get("/api/events").text


def test_a_moment_without_its_time_zone_is_refused(tmp_path: Path) -> None:
    answer = browser(site(tmp_path)).get("/api/events", params={"from": "2026-01-01T00:00:00"})
    assert answer.status_code == 422
