"""A camera of the command line comes into the settings file with what is set for it."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from monitor.clock import SimulatedClock
from monitor.settings import Settings
from monitor.settings.load import load_settings
from monitor.settings.sources import with_sources
from monitor.web.serving import accounts_of
from monitor.web.site import Site
from tests.outputs.journal.given import NOON
from tests.web.given import browser

ADDRESS = "rtsp://10.0.0.2/main"
SECRET = "rtsp://u:hunter2@10.0.0.2/main"
ZONE = {"name": "gate", "points": [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]}
NAME = "10-0-0-2"


def page(file: Path, address: str = ADDRESS, text: str = "") -> TestClient:
    """A page as `monitor watch ADDRESS --web --config FILE` serves it."""
    file.write_text(f"# Ours.\noutputs: {{folder: {file.parent}}}\n{text}")

    def load() -> Settings:
        return with_sources(load_settings(file), [address])

    settings, clock = load(), SimulatedClock(NOON)
    return browser(Site(settings, load, clock, accounts_of(settings, clock), True, file))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file without cameras."""
    return tmp_path / "monitor.yaml"


def test_with_its_first_zone_a_camera_is_put_into_the_file_and_found_there_again(file: Path) -> None:
    client = page(file)
    version = client.get(f"/api/zones/{NAME}").json()["version"]
    saved = client.put(f"/api/zones/{NAME}", json={"version": version, "zones": [ZONE]})
    assert saved.status_code == 200, saved.text
    assert file.read_text().startswith("# Ours.")
    assert load_settings(file).cameras[NAME].address == ADDRESS
    again = with_sources(load_settings(file), [ADDRESS])
    assert set(again.cameras[NAME].zones) == {"gate"}
    assert [zone["name"] for zone in client.get(f"/api/zones/{NAME}").json()["zones"]] == ["gate"]


def test_a_recording_is_put_there_as_one(file: Path) -> None:
    recording = file.with_name("yard.mp4")
    recording.write_bytes(b"")
    client = page(file, str(recording))
    version = client.get("/api/zones/yard").json()["version"]
    assert client.put("/api/zones/yard", json={"version": version, "zones": [ZONE]}).status_code == 200
    assert load_settings(file).cameras["yard"].kind == "file"


def test_another_setting_of_it_brings_it_there_too(file: Path) -> None:
    client = page(file)
    version = client.get("/api/settings").json()["version"]
    change = {"path": ["cameras", NAME, "motion", "min_duration_s"], "value": 0.7}
    answer = client.put("/api/settings", json={"version": version, "changes": [change]})
    assert answer.status_code == 200, answer.text
    assert load_settings(file).cameras[NAME].motion.model_dump()["min_duration_s"] == 0.7


def test_a_password_is_written_only_where_nobody_else_reads_it(file: Path) -> None:
    client = page(file, SECRET)
    file.chmod(0o644)
    body = {"version": client.get(f"/api/zones/{NAME}").json()["version"], "zones": [ZONE]}
    refused = client.put(f"/api/zones/{NAME}", json=body)
    assert refused.status_code == 409
    assert "chmod 600" in refused.json()["detail"]
    assert "hunter2" not in file.read_text() + refused.text
    file.chmod(0o600)
    assert client.put(f"/api/zones/{NAME}", json=body).status_code == 200


def test_another_camera_of_that_name_is_not_changed(file: Path) -> None:
    client = page(file, text=f"cameras: {{{NAME}: {{address: rtsp://10.0.0.9/}}}}\n")
    body = {"version": client.get(f"/api/zones/{NAME}").json()["version"], "zones": [ZONE]}
    assert client.put(f"/api/zones/{NAME}", json=body).status_code == 409
    assert load_settings(file).cameras[NAME].zones == {}
