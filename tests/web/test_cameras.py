"""The cameras over the API: of this machine, and of others that write the same journal."""

from dataclasses import replace
from pathlib import Path

from monitor.clock import SimulatedClock
from monitor.live.statefile import StatusFile
from monitor.live.status import CameraState, CameraStatus
from tests.outputs.journal.given import NOON, at, watched
from tests.web.given import browser, site


def test_a_camera_is_in_the_state_that_its_watch_wrote_since_it_began(tmp_path: Path) -> None:
    clock = SimulatedClock(NOON)
    file = StatusFile(tmp_path, "yard", clock)
    file.write(CameraStatus("yard", CameraState.WATCHING, width_px=640, height_px=360))
    clock.advance(60)
    file.write(CameraStatus("yard", CameraState.WATCHING, width_px=640, height_px=360))
    (camera,) = browser(site(tmp_path, clock=clock)).get("/api/cameras").json()
    assert (camera["name"], camera["state"], camera["size_px"]) == ("yard", "watching", [640, 360])
    assert camera["since"] == "2025-11-21T12:00:00Z"


def test_a_camera_of_which_nothing_is_heard_is_in_no_known_state(tmp_path: Path) -> None:
    clock = SimulatedClock(NOON)
    StatusFile(tmp_path, "yard", clock).write(CameraStatus("yard", CameraState.WATCHING))
    clock.advance(3600)
    cameras = {"yard": {"address": "rtsp://127.0.0.1/yard"}}
    (camera,) = browser(site(tmp_path, clock=clock, cameras=cameras)).get("/api/cameras").json()
    assert camera["state"] == "unknown"


def test_the_cameras_of_other_machines_are_known_from_the_journal(tmp_path: Path) -> None:
    spans = [
        replace(watched(0, 50, "gate"), node="barn"),
        replace(watched(50, 100, "gate", "blind"), node="barn"),
    ]
    clock = SimulatedClock(at(101))
    (camera,) = browser(site(tmp_path, *spans, clock=clock)).get("/api/cameras").json()
    assert (camera["name"], camera["node"], camera["is_here"], camera["state"]) == (
        "gate",
        "barn",
        False,
        "blind",
    )
