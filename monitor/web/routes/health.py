"""How the machine and each camera's watch are doing."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import PlainTextResponse

from monitor import __version__
from monitor.errors import MonitorError
from monitor.live.statefile import known_statuses
from monitor.metrics import metrics_text
from monitor.web.cameras import Camera, cameras_of
from monitor.web.security.identity import SiteOf, Viewer
from monitor.web.site import Site
from monitor.web.timezone import own_timezone

router = APIRouter(tags=["health"])


@dataclass(frozen=True, slots=True)
class Health:
    """How this machine does; null is unknown. Each camera's `status` has its times, drops and queues.

    `problems` are sentences on what is the matter with the machine, the journal and the cameras.
    """

    version: str
    node: str
    now: datetime
    timezone: str | None
    cameras: list[Camera]
    disk_free_bytes: int | None
    disk_size_bytes: int | None
    alerts_waiting: int | None
    problems: list[str]


@router.get("/api/health")
def health(site: SiteOf, person: Viewer) -> Health:
    """Return how everything does that one may see."""
    problems: list[str] = []
    cameras = _cameras(site, problems)
    shown = [camera for camera in cameras if person.may_see(camera.name)]
    problems += [problem for camera in shown for problem in _problems(camera)]
    free, size = _disk(site.folder, problems)
    return Health(
        version=__version__,
        node=site.node,
        now=site.clock.wall(),
        timezone=own_timezone(),
        cameras=shown,
        disk_free_bytes=free,
        disk_size_bytes=size,
        alerts_waiting=_waiting(site, problems),
        problems=list(dict.fromkeys(problems)),
    )


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(site: SiteOf, person: Viewer) -> PlainTextResponse:
    """Return numbers of all cameras of this machine, for Prometheus."""
    if not (person.is_admin or person.cameras is None):
        raise HTTPException(403, "These are numbers of all cameras, and you may not see all.")
    now = site.clock.wall()
    known = [each.status for each in known_statuses(site.folder) if not each.is_stale(now)]
    return PlainTextResponse(
        metrics_text(known, site.folder), media_type="text/plain; version=1.0.0; charset=utf-8"
    )


def _cameras(site: Site, problems: list[str]) -> list[Camera]:
    try:
        return cameras_of(site)
    except MonitorError as error:
        problems.append(str(error))
        return cameras_of(site, elsewhere=False)


def _problems(camera: Camera) -> list[str]:
    found = []
    if camera.state in ("blind", "restarting", "unknown"):
        why = camera.why or "nothing is heard of its watch; is monitor watch running?"
        found.append(f"{camera.name}: {camera.state}: {why}")
    if camera.recording not in (None, "on", "off"):
        found.append(f"{camera.name}: does not record: {camera.recording}")
    outputs = (camera.status or {}).get("failed_outputs", {})
    return found + [f"{camera.name}: {name} fails: {why}" for name, why in outputs.items()]


def _disk(folder: Path, problems: list[str]) -> tuple[int | None, int | None]:
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        problems.append(f"{folder}: the output folder cannot be reached: {error.strerror}.")
        return None, None
    return usage.free, usage.total


def _waiting(site: Site, problems: list[str]) -> int | None:
    try:
        return site.outbox.waiting()
    except MonitorError as error:
        problems.append(str(error))
        return None
