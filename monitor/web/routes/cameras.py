"""The cameras and how they are doing."""

from fastapi import APIRouter

from monitor.web.cameras import Camera, cameras_of
from monitor.web.security.identity import SiteOf, Viewer

router = APIRouter(prefix="/api", tags=["cameras"])


@router.get("/cameras")
def cameras(site: SiteOf, person: Viewer) -> list[Camera]:
    """Return all cameras that one may see, of all machines."""
    return [camera for camera in cameras_of(site) if person.may_see(camera.name)]
