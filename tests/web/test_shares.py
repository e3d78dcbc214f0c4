"""Links to one event, for whoever has no account."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from monitor.clock import SimulatedClock
from monitor.web.shares import LONGEST
from monitor.web.site import Site
from tests.outputs.journal.given import NOON, closed_entry, watched
from tests.web.given import browser, site, with_users

ONE, OTHER = (f"{number:08d}-0000-4000-8000-000000000000" for number in (1, 2))
HOUR_S = 3600


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands at noon."""
    return SimulatedClock(NOON)


@pytest.fixture
def made(tmp_path: Path, clock: SimulatedClock) -> Site:
    """A page with users and two events with a clip; of the first the scores are named too."""
    (tmp_path / "yard").mkdir()
    (tmp_path / "yard" / "a.mp4").write_bytes(b"clip")
    first = closed_entry(1, clip="yard/a.mp4", scores="yard/a.npz")
    entries = first, closed_entry(2, clip="yard/a.mp4"), watched(-60, 60)
    made = site(tmp_path, *entries, clock=clock)
    made.is_private = False
    with_users(made.accounts)
    return made


@pytest.fixture
def anna(made: Site) -> TestClient:
    """An admin's browser."""
    return browser(made, "anna")


def token_of(admin: TestClient, event: str = ONE, **given: Any) -> str:
    """Share an event; return what opens it."""
    answer = admin.post(f"/api/events/{event}/shares", json=given)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["path"]).removeprefix("/#/shared/")


def test_a_link_shows_its_event_to_somebody_without_an_account(made: Site, anna: TestClient) -> None:
    anna.put(f"/api/events/{ONE}/label", json={"label": False, "note": "the neighbour"})
    token, stranger = token_of(anna), browser(made)
    answer = stranger.get(f"/api/shared/{token}")
    view = answer.json()
    assert view["event"]["id"] == ONE
    assert [file["role"] for file in view["files"]] == ["clip"]
    assert stranger.get(view["files"][0]["url"]).content == b"clip"
    assert stranger.get(f"/api/shared/{token}/explained").status_code == 200
    assert "neighbour" not in answer.text


def test_a_link_shows_nothing_else(made: Site, anna: TestClient) -> None:
    token, stranger = token_of(anna), browser(made)
    for path in ("scores", "record", "..%2fusers.sqlite"):
        assert stranger.get(f"/api/shared/{token}/files/{path}").status_code in (404, 422)
    for path in (f"events/{ONE}", f"events/{OTHER}", f"events/{ONE}/files/clip", "events", "cameras", "me"):
        assert stranger.get(f"/api/{path}").status_code == 401
    for path in (f"shared/{token}/label", f"shared/{token}"):
        assert stranger.put(f"/api/{path}", json={"label": True}).status_code in (404, 405)


def test_a_link_works_until_it_ends(made: Site, anna: TestClient, clock: SimulatedClock) -> None:
    token, stranger = token_of(anna, hours=2), browser(made)
    clock.advance(2 * HOUR_S - 1)
    assert stranger.get(f"/api/shared/{token}").status_code == 200
    clock.advance(1)
    answer = stranger.get(f"/api/shared/{token}")
    assert answer.status_code == 404
    assert "Ask whoever sent it" in answer.json()["detail"]
    assert anna.get("/api/shares").json() == []


@pytest.mark.parametrize("hours", [0, -1, LONGEST / timedelta(hours=1) + 1, "for ever", None])
def test_no_link_works_for_ever(anna: TestClient, hours: Any) -> None:
    assert anna.post(f"/api/events/{ONE}/shares", json={"hours": hours}).status_code == 422


def test_a_link_that_was_changed_or_made_up_shows_nothing(
    tmp_path: Path, made: Site, anna: TestClient
) -> None:
    event, ends, share, signature = token_of(anna).split(".")
    (tmp_path / "elsewhere").mkdir()
    elsewhere = site(tmp_path / "elsewhere", closed_entry(1))
    forged = [
        f"{OTHER}.{ends}.{share}.{signature}",
        f"{event}.{int(ends) + 10**6}.{share}.{signature}",
        f"{event}.{ends}.{share}.{signature[:-1]}",
        f"{event}.{ends}.{share}.",
        f"{event}.{ends}.{share}.{'0' * 64}",
        f"{event}.{ends}.{share}.ä",
        f"{event}..{share}.{signature}",
        "...", "x" * 299,
        token_of(browser(elsewhere)),
    ]  # fmt: skip
    stranger = browser(made)
    assert {stranger.get(f"/api/shared/{token}").status_code for token in forged} == {404}
    assert stranger.get(f"/api/shared/{event}.{ends}.{share}.{signature}").status_code == 200


def test_a_link_that_is_taken_back_works_no_more_and_both_are_on_record(made: Site, anna: TestClient) -> None:
    token, stranger = token_of(anna), browser(made)
    (listed,) = anna.get("/api/shares").json()
    assert (listed["event"], listed["maker"]) == (ONE, "anna")
    assert token.split(".")[-1] not in str(listed)
    assert anna.delete(f"/api/shares/{listed['id']}").status_code == 204
    assert stranger.get(f"/api/shared/{token}").status_code == 404
    assert anna.delete(f"/api/shares/{listed['id']}").status_code == 404
    back, given = anna.get("/api/audit").json()[:2]
    assert (back["who"], back["what"]) == ("anna", f"took back the link to event {ONE}")
    assert given["what"].startswith(f"shared event {ONE} until 2025-")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", f"/api/events/{ONE}/shares"), ("GET", "/api/shares"), ("DELETE", "/api/shares/x"),
     ("GET", "/api/audit")],
)  # fmt: skip
def test_a_viewer_shares_nothing(made: Site, method: str, path: str) -> None:
    body = {"hours": 1} if method == "POST" else None
    assert browser(made, "victor").request(method, path, json=body).status_code == 403


def test_what_somebody_shared_goes_with_them(made: Site, anna: TestClient) -> None:
    anna.put("/api/users/victor", json={"role": "admin"})
    token, stranger = token_of(browser(made, "victor")), browser(made)
    assert stranger.get(f"/api/shared/{token}").status_code == 200
    anna.put("/api/users/victor", json={"role": "viewer"})
    assert stranger.get(f"/api/shared/{token}").status_code == 404


def test_a_link_to_an_event_that_was_deleted_shows_nothing(made: Site, anna: TestClient) -> None:
    answer = anna.post("/api/events/00000009-0000-4000-8000-000000000000/shares", json={})
    assert answer.status_code == 404
