"""The page's own files: cached, packed, under a strict policy, and none from elsewhere."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from monitor.web.security.headers import POLICY
from monitor.web.statics import Statics
from tests.web.given import browser, site


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A browser at an empty page."""
    return browser(site(tmp_path))


def test_what_a_page_names_is_kept_until_it_changes(client: TestClient) -> None:
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/").text)
    assert named
    for path in named:
        assert client.get(path).headers["Cache-Control"].endswith("immutable")


def test_a_page_itself_is_asked_for_again_and_not_sent_again(client: TestClient) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Cache-Control"], again.status_code) == ("no-cache", 304)


@pytest.mark.parametrize("path", ["/", "/docs", "/api/me", "/api/nothing", "/static/nothing.js"])
def test_nothing_runs_or_loads_but_what_this_host_sends(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_answers_with_what_only_some_may_see_are_stored_nowhere(client: TestClient) -> None:
    assert client.get("/api/events").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", sorted(Statics().by_path))
def test_no_file_of_the_page_asks_another_host(path: str) -> None:
    content = Statics().by_path[path].content.decode("utf-8", "ignore")
    outside = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", content)) - {"http://www.w3.org"}
    assert not outside


@pytest.mark.parametrize("path", [path for path in Statics().by_path if path.endswith(".html")])
def test_no_script_or_style_is_written_into_a_page(path: str) -> None:
    content = Statics().by_path[path].content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", content)


def test_the_api_is_described_and_every_part_of_it(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert all(
        operation.get("description") for path in described["paths"].values() for operation in path.values()
    )
    assert client.get("/docs").status_code == 200
