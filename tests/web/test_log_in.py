"""Logging in and out, and what a log-in is needed for."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from monitor.web.security.identity import COOKIE, CSRF_HEADER
from tests.web.given import PASSWORD, browser, site, with_users


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A browser at a page with users, not logged in."""
    made = site(tmp_path)
    with_users(made.accounts)
    return browser(made)


def test_without_any_user_the_page_of_this_machine_alone_is_open(tmp_path: Path) -> None:
    assert browser(site(tmp_path)).get("/api/me").json()["role"] == "admin"


@pytest.mark.parametrize("path", ["/api/me", "/api/cameras", "/api/events"])
def test_with_a_user_nothing_is_told_without_log_in(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401


def test_a_right_password_begins_a_session(client: TestClient) -> None:
    answer = client.post("/api/login", json={"name": "victor", "password": PASSWORD})
    assert answer.json()["name"] == "victor"
    assert answer.json()["cameras"] == ["yard"]
    assert client.get("/api/me").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_pages(client: TestClient) -> None:
    answer = client.post("/api/login", json={"name": "anna", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"].lower()
    assert cookie.startswith(COOKIE)
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_a_wrong_password_and_an_unknown_name_are_told_alike(client: TestClient, name: str) -> None:
    answer = client.post("/api/login", json={"name": name, "password": "wrong horse battery"})
    assert (answer.status_code, answer.json()["detail"]) == (401, "Name or password is wrong.")


def test_logging_out_needs_the_token_of_the_page(client: TestClient) -> None:
    csrf = client.post("/api/login", json={"name": "anna", "password": PASSWORD}).json()["csrf"]
    assert client.post("/api/logout").status_code == 403
    assert client.post("/api/logout", headers={CSRF_HEADER: csrf}).status_code == 204


def test_after_logging_out_the_old_cookie_opens_nothing(client: TestClient) -> None:
    csrf = client.post("/api/login", json={"name": "anna", "password": PASSWORD}).json()["csrf"]
    replayed = client.cookies[COOKIE]
    client.post("/api/logout", headers={CSRF_HEADER: csrf})
    assert client.get("/api/me", headers={"Cookie": f"{COOKIE}={replayed}"}).status_code == 401
