"""Settings and zones over the API."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from monitor.clock import SimulatedClock
from monitor.settings.load import load_settings
from monitor.web.serving import accounts_of
from monitor.web.site import Site
from tests.outputs.journal.given import NOON
from tests.web.given import browser, site, with_users

TRIANGLE = [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A page started with a settings file that knows the yard."""
    file = tmp_path / "monitor.yaml"
    file.write_text(
        f"outputs: {{folder: {tmp_path}}}\ncameras:\n  yard: {{address: 'rtsp://u:hunter2@10.0.0.2/'}}\n"
    )
    settings, clock = load_settings(file), SimulatedClock(NOON)
    made = Site(settings, lambda: load_settings(file), clock, accounts_of(settings, clock), True, file)
    return browser(made)


def test_secrets_are_not_shown(client: TestClient) -> None:
    assert "hunter2" not in client.get("/api/settings").text


def test_a_value_is_changed_in_the_file_and_counts_at_once(client: TestClient) -> None:
    version = client.get("/api/settings").json()["version"]
    body = {"version": version, "changes": [{"path": ["motion", "k_sigma"], "value": 5.5}]}
    answer = client.put("/api/settings", json=body)
    assert answer.status_code == 200, answer.text
    assert client.get("/api/settings").json()["values"]["motion"]["k_sigma"] == 5.5
    assert client.put("/api/settings", json=body).status_code == 409


def test_a_wrong_value_is_refused_with_its_key_and_its_range(client: TestClient) -> None:
    version = client.get("/api/settings").json()["version"]
    body = {"version": version, "changes": [{"path": ["motion", "k_sigma"], "value": 500}]}
    answer = client.put("/api/settings", json=body)
    assert answer.status_code == 422
    assert "motion.k_sigma" in answer.json()["detail"][0]["msg"]


def test_a_hidden_secret_is_never_written_back(client: TestClient) -> None:
    version = client.get("/api/settings").json()["version"]
    body = {"version": version, "changes": [{"path": ["cameras", "yard", "address"], "value": "***"}]}
    assert client.put("/api/settings", json=body).status_code == 422


def test_zones_are_drawn_saved_and_taken_away(client: TestClient) -> None:
    given = client.get("/api/zones/yard").json()
    zone = {"name": "gate", "role": "privacy", "points": TRIANGLE, "sensitivity": 2.0}
    saved = client.put("/api/zones/yard", json={"version": given["version"], "zones": [zone]})
    assert saved.status_code == 200, saved.text
    found = client.get("/api/zones/yard").json()
    assert found["zones"] == [{**zone, "shared": False}]
    client.put("/api/zones/yard", json={"version": found["version"], "zones": []})
    assert client.get("/api/zones/yard").json()["zones"] == []


def test_an_outline_that_crosses_itself_is_refused_in_words(client: TestClient) -> None:
    version = client.get("/api/zones/yard").json()["version"]
    crossed = [[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]
    body = {"version": version, "zones": [{"name": "gate", "points": crossed}]}
    answer = client.put("/api/zones/yard", json=body)
    assert answer.status_code == 422
    assert "zones.gate" in answer.text


def test_without_a_file_nothing_can_be_saved_and_the_page_says_so(tmp_path: Path) -> None:
    answer = browser(site(tmp_path)).put(
        "/api/settings", json={"version": "", "changes": [{"path": ["motion", "k_sigma"], "value": 5}]}
    )
    assert answer.status_code == 409
    assert "--config" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/api/settings", "/api/settings/schema", "/api/zones/yard"])
def test_a_viewer_changes_nothing_and_sees_no_settings(tmp_path: Path, path: str) -> None:
    made = site(tmp_path)
    with_users(made.accounts)
    assert browser(made, "victor").get(path).status_code == 403
