"""The settings: as they are, as a schema for forms, and changed key by key in their file."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import SettingsError
from monitor.settings.load import load_settings
from monitor.settings.reference import HIDDEN, discreet, json_schema
from monitor.web.applying import apply
from monitor.web.configfile import Change, OutdatedError, Rename, change, version_of
from monitor.web.filing import with_addresses
from monitor.web.security.identity import Admin, SiteOf
from monitor.web.security.roles import Person
from monitor.web.site import Site

router = APIRouter(prefix="/api/settings", tags=["settings"])

NO_FILE = (
    "The page was started without a settings file, so nothing can be saved. Make one with "
    "`monitor config init monitor.yaml`, and start again with --config monitor.yaml."
)

_NAMED = 10
"""Keys that a line of the audit names."""

Key = Annotated[str, Field(min_length=1, max_length=100)]


class SettingsView(BaseModel):
    """The settings that count, secrets hidden. `version` is given back with changes; null without a file."""

    file: str | None
    version: str | None
    values: dict[str, Any]


Keys = Annotated[list[Key], Field(min_length=1, max_length=8)]


class OneChange(BaseModel):
    """A value at a path of keys; null takes it out of the file, so that the default counts."""

    model_config = ConfigDict(extra="forbid")

    path: Keys
    value: Any


class OneRename(BaseModel):
    """Another name for an entry, such as a camera, in its place; what it saw stays under the old one."""

    model_config = ConfigDict(extra="forbid")

    path: Keys
    to: Key


class Changes(BaseModel):
    """All changes are made, in this order, or none."""

    version: Annotated[str, Field(max_length=100)]
    changes: Annotated[list[OneChange | OneRename], Field(min_length=1, max_length=200)]


class Changed(BaseModel):
    """The file as it is now. `applied`: somebody watches on this machine, and was asked to take it up."""

    version: str
    applied: bool


@router.get("")
def settings(site: SiteOf, _: Admin) -> SettingsView:
    """Return the settings."""
    return SettingsView(
        file=None if site.config is None else str(site.config),
        version=None if site.config is None else version_of(site.config),
        values=discreet(site.settings).model_dump(mode="json"),
    )


@router.get("/schema")
def schema(_: Admin) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a settings file."""
    return json_schema()


@router.put("")
def change_settings(given: Changes, site: SiteOf, person: Admin) -> Changed:
    """Change the settings file, and have it taken up; 422 with a sentence for each mistake."""
    return changed(site, given.version, [_asked(one) for one in given.changes], person)


def changed(site: Site, version: str, changes: list[Change | Rename], person: Person) -> Changed:
    """Change the file and apply it; 409 without a file or with an outdated one, 422 for wrong values."""
    if site.config is None:
        raise HTTPException(409, NO_FILE)
    if any(_hides(one.value) for one in changes if isinstance(one, Change)):
        raise HTTPException(422, f"{HIDDEN} stands for a secret that is not shown; give the secret itself.")
    try:
        change(site.config, version, with_addresses(changes, site.config, site), _check)
    except OutdatedError as error:
        raise HTTPException(409, str(error)) from error
    except SettingsError as error:
        raise HTTPException(422, [{"loc": ["body"], "msg": problem} for problem in error.problems]) from error
    keys = sorted({".".join(one.path) for one in changes})
    site.audit.note(person, f"changed {', '.join(keys[:_NAMED])}{' …' if len(keys) > _NAMED else ''}")
    return Changed(version=version_of(site.config), applied=apply(site))


def _asked(one: OneChange | OneRename) -> Change | Rename:
    path = tuple(one.path)
    return Rename(path, one.to) if isinstance(one, OneRename) else Change(path, one.value)


def _check(path: Path) -> None:
    load_settings(path)


def _hides(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_hides(one) for one in value.values())
    if isinstance(value, list):
        return any(_hides(one) for one in value)
    return bool(value == HIDDEN)
