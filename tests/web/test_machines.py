"""One page over several machines: two that really watch, and one journal in a real PostgreSQL."""

import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.cli.process import start
from tests.cli.recordings import crossing, record
from tests.postgresql import Cluster
from tests.postgresql import cluster as cluster
from tests.web.given import browser, site

WAIT_S = 120.0
NODES = ("house", "barn")


@pytest.fixture(scope="module")
def journal(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The journal of two machines after each has watched a crossing, and the folder that holds theirs."""
    url, folder = cluster.make(f"page_{uuid.uuid4().hex}"), tmp_path_factory.mktemp("machines")
    processes = [_watch(url, folder, node) for node in NODES]
    said = [process.communicate(timeout=WAIT_S)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    return url, folder


def _watch(url: str, folder: Path, node: str) -> "subprocess.Popen[str]":
    video = record(folder / f"{node}-camera.mp4", crossing())
    given = ("--set", f"journal.url={url}", "--set", f"journal.node={node}")
    return start("watch", video, "--out", folder / node, *given)


@pytest.fixture
def page(journal: tuple[str, Path]) -> Iterator[TestClient]:
    """The page of the house."""
    url, folder = journal
    with browser(site(folder / "house", journal={"node": "house", "url": url})) as client:
        yield client


def test_the_page_of_one_machine_shows_the_cameras_of_all(page: TestClient) -> None:
    cameras = {camera["name"]: camera for camera in page.get("/api/cameras").json()}
    assert (cameras["house-camera"]["node"], cameras["house-camera"]["is_here"]) == ("house", True)
    assert (cameras["barn-camera"]["node"], cameras["barn-camera"]["is_here"]) == ("barn", False)
    refused = page.get("/api/cameras/barn-camera/picture")
    assert refused.status_code == 409
    assert "The machine barn watches this camera" in refused.json()["detail"]


def test_it_shows_the_events_of_all_and_says_where_the_files_of_another_are(page: TestClient) -> None:
    events = {event["source"]: event for event in page.get("/api/events").json()["events"]}
    assert page.get(events["house-camera"]["files"]["clip"]).status_code == 200
    there = events["barn-camera"]
    assert (there["node"], there["is_here"]) == ("barn", False)
    refused = page.get(there["files"]["clip"])
    assert refused.status_code == 409
    assert "recorded by the machine barn, and its files are there" in refused.json()["detail"]
    assert page.get(f"/api/events/{there['id']}/explained").status_code == 409


def test_what_is_said_of_an_event_of_another_machine_is_known_there(
    journal: tuple[str, Path], page: TestClient
) -> None:
    (there,) = page.get("/api/events", params={"camera": "barn-camera"}).json()["events"]
    page.put(f"/api/events/{there['id']}/label", json={"label": False})
    url, folder = journal
    with browser(site(folder / "barn", journal={"node": "barn", "url": url})) as barn:
        (own,) = barn.get("/api/events", params={"label": "false"}).json()["events"]
        assert (own["id"], own["is_here"]) == (there["id"], True)
        assert barn.get(own["files"]["clip"]).status_code == 200


def test_its_timeline_has_a_lane_for_each_camera(page: TestClient) -> None:
    at = page.get("/api/events").json()["events"][0]["at"]
    day = {"from": f"{at[:10]}T00:00:00Z", "to": f"{at[:10]}T23:59:59Z"}
    lanes = page.get("/api/timeline", params=day).json()["events"]
    assert {(lane["node"], lane["source"]) for lane in lanes} == {
        ("house", "house-camera"), ("barn", "barn-camera")
    }  # fmt: skip
