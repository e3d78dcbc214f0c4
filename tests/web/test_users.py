"""Users, sessions and tokens over the API."""

from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.web.security.identity import COOKIE
from monitor.web.site import Site
from tests.outputs.journal.given import NOON
from tests.web.given import PASSWORD, browser, site, with_users

DAY_S = 86_400


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands at noon."""
    return SimulatedClock(NOON)


@pytest.fixture
def made(tmp_path: Path, clock: SimulatedClock) -> Site:
    """A page with users whose sessions end after a day without use."""
    made = site(tmp_path, clock=clock, web={"session_days": 1.0})
    with_users(made.accounts)
    return made


def test_a_session_ends_when_it_is_not_used(made: Site, clock: SimulatedClock) -> None:
    client = browser(made, "anna")
    clock.advance(DAY_S - 1)
    assert client.get("/api/me").status_code == 200
    clock.advance(DAY_S + 1)
    assert client.get("/api/me").status_code == 401


def test_a_session_ends_at_last_however_much_it_is_used(made: Site, clock: SimulatedClock) -> None:
    client = browser(made, "anna")
    for _ in range(13):
        clock.advance(DAY_S / 2)
        answer = client.get("/api/me")
    assert answer.status_code == 401


def test_an_admin_ends_the_session_of_another_at_once(made: Site) -> None:
    victor, anna = browser(made, "victor"), browser(made, "anna")
    (theirs,) = [each for each in anna.get("/api/sessions").json() if each["user"] == "victor"]
    assert anna.delete(f"/api/sessions/{theirs['id']}").status_code == 204
    assert victor.get("/api/me").status_code == 401


def test_a_viewer_knows_of_no_other_session_and_ends_none(made: Site) -> None:
    victor, anna = browser(made, "victor"), browser(made, "anna")
    assert {each["user"] for each in victor.get("/api/sessions").json()} == {"victor"}
    (annas,) = [each for each in anna.get("/api/sessions").json() if each["is_this"]]
    assert victor.delete(f"/api/sessions/{annas['id']}").status_code == 404
    assert anna.get("/api/me").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/users"), ("GET", "/api/tokens"), ("DELETE", "/api/users/anna")]
)
def test_a_viewer_administers_nothing(made: Site, method: str, path: str) -> None:
    assert browser(made, "victor").request(method, path).status_code == 403


def test_a_new_password_ends_all_sessions_of_its_user(made: Site) -> None:
    victor, anna = browser(made, "victor"), browser(made, "anna")
    rights = {"role": "viewer", "cameras": ["gate"], "password": "another long password"}
    assert anna.put("/api/users/victor", json=rights).status_code == 204
    assert victor.get("/api/me").status_code == 401


def test_the_last_admin_can_neither_be_removed_nor_lowered(made: Site) -> None:
    anna = browser(made, "anna")
    assert anna.delete("/api/users/anna").status_code == 400
    assert anna.put("/api/users/anna", json={"role": "viewer"}).status_code == 400
    assert anna.get("/api/users").status_code == 200


def test_a_user_who_is_removed_is_out_at_once(made: Site) -> None:
    victor, anna = browser(made, "victor"), browser(made, "anna")
    anna.delete("/api/users/victor")
    assert victor.get("/api/me").status_code == 401


def test_the_first_user_cannot_be_added_over_the_page(tmp_path: Path) -> None:
    user = {"name": "eve", "password": "a long password", "role": "admin"}
    answer = browser(site(tmp_path)).post("/api/users", json=user)
    assert answer.status_code == 403
    assert "monitor user add" in answer.json()["detail"]


def test_a_token_serves_a_script_until_it_is_removed(made: Site) -> None:
    anna = browser(made, "anna")
    made_token = anna.post("/api/tokens", json={"name": "home", "cameras": ["yard"]}).json()
    script = browser(made)
    script.headers["Authorization"] = f"Bearer {made_token['secret']}"
    assert script.get("/api/me").json()["cameras"] == ["yard"]
    (kept,) = anna.get("/api/tokens").json()
    assert made_token["secret"] not in str(kept)
    anna.delete(f"/api/tokens/{kept['id']}")
    assert script.get("/api/me").status_code == 401


def test_the_file_of_users_is_for_its_owner_alone_and_holds_no_secret(made: Site) -> None:
    client = browser(made, "anna")
    file = made.folder / "users.sqlite"
    content = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert PASSWORD.encode() not in content
    assert client.cookies[COOKIE].encode() not in content
