"""The zones of a camera, drawn on its picture."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from monitor.web.configfile import Change, Rename, version_of
from monitor.web.routes.settings import Changed, changed
from monitor.web.security.identity import Admin, SiteOf
from monitor.web.site import Site

router = APIRouter(prefix="/api/zones", tags=["settings"])

Fraction = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


class ZoneView(BaseModel):
    """A zone: corners as fractions of the frame. `shared` zones are those of all cameras."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    role: Literal["include", "exclude", "privacy"] = "include"
    points: Annotated[list[tuple[Fraction, Fraction]], Field(min_length=3, max_length=100)]
    sensitivity: float = 1.0
    shared: bool = False


class Zones(BaseModel):
    """All zones that count for a camera; `version` null where there is no file to save them in."""

    version: str | None
    zones: list[ZoneView]


class NewZones(BaseModel):
    """The zones that a camera is to have; those that are left out go."""

    version: Annotated[str, Field(max_length=100)]
    zones: Annotated[list[ZoneView], Field(max_length=100)]


@router.get("/{camera}")
def zones(camera: str, site: SiteOf, _: Admin) -> Zones:
    """Return the zones of a camera, those of all cameras among them."""
    _require(camera, site)
    settings = site.settings
    own = settings.cameras[camera].zones if camera in settings.cameras else {}
    found = [
        ZoneView(
            name=name, role=z.role, points=list(z.points), sensitivity=z.sensitivity, shared=name not in own
        )
        for name, z in {**settings.zones, **own}.items()
    ]
    return Zones(version=None if site.config is None else version_of(site.config), zones=found)


@router.put("/{camera}")
def set_zones(camera: str, given: NewZones, site: SiteOf, person: Admin) -> Changed:
    """Save the zones of a camera in the settings file, and have them taken up without a restart."""
    _require(camera, site)
    names = [zone.name for zone in given.zones]
    if len(set(names)) < len(names):
        raise HTTPException(422, "Two zones have the same name; give each its own.")
    settings = site.settings
    has_own = camera in settings.cameras
    before = set(settings.cameras[camera].zones) if has_own else set()
    changes: list[Change | Rename] = []
    for zone in given.zones:
        above = ("zones",) if zone.shared or not has_own else ("cameras", camera, "zones")
        changes += _differences((*above, zone.name), zone)
    kept = {zone.name for zone in given.zones if not zone.shared}
    changes += [Change(("cameras", camera, "zones", name), None) for name in before - kept]
    changes += [Change(("zones", name), None) for name in set(settings.zones) - set(names)]
    return changed(site, given.version, changes, person)


def _differences(path: tuple[str, ...], zone: ZoneView) -> list[Change]:
    # Key by key: comments beside a zone that stays are then kept.
    values: dict[str, Any] = {
        "role": zone.role if zone.role != "include" else None,
        "points": [[round(x, 4), round(y, 4)] for x, y in zone.points],
        "sensitivity": zone.sensitivity if zone.sensitivity != 1.0 else None,
    }
    return [Change((*path, key), value) for key, value in values.items()]


def _require(camera: str, site: Site) -> None:
    if camera not in site.settings.cameras:
        raise HTTPException(
            404,
            f"The settings of this page know no camera {camera!r}, which was named when monitor watch was "
            "started. Add it to `cameras:` in the settings file, or give monitor watch --web --config FILE.",
        )
