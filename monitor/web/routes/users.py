"""Users, log-ins and tokens."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, Field

from monitor.web.holders import Session, Token, User
from monitor.web.security.identity import Admin, SiteOf, Viewer
from monitor.web.security.passwords import LONGEST, hashed
from monitor.web.security.roles import Role

router = APIRouter(prefix="/api", tags=["users"])

_NAME = r"^[^\x00-\x1f/]{1,100}$"
Name = Annotated[str, Field(pattern=_NAME)]
Named = Annotated[str, Path(pattern=_NAME)]
CameraNames = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=1000)] | None
Password = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class NewUser(BaseModel):
    """Somebody to be added; `cameras` null is all."""

    name: Name
    password: Password
    role: Role = Role.VIEWER
    cameras: CameraNames = None


class Rights(BaseModel):
    """What a user may do; `cameras` null is all. A password that is left out stays."""

    role: Role
    cameras: CameraNames = None
    password: Password | None = None


class NewToken(BaseModel):
    """A token to be made; `cameras` null is all."""

    name: Name
    role: Role = Role.VIEWER
    cameras: CameraNames = None


class MadeToken(BaseModel):
    """A new token; `secret` is told this once and never again."""

    name: str
    secret: str


class SessionView(BaseModel):
    """A log-in. `is_this` is the one that asks."""

    id: str
    user: str
    address: str
    agent: str
    made: datetime
    used: datetime
    is_this: bool


@router.get("/sessions")
def sessions(site: SiteOf, person: Viewer) -> list[SessionView]:
    """Return one's own log-ins, for an admin all; the last used first."""
    found = site.accounts.sessions(None if person.is_admin else person.name)
    return [_session(each, person.session) for each in found]


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(session_id: str, site: SiteOf, person: Viewer) -> None:
    """End a log-in at once: one's own, for an admin any."""
    if not site.accounts.end_session(session_id, None if person.is_admin else person.name):
        raise HTTPException(404, "There is no such log-in; it may have ended.")


@router.get("/users")
def users(site: SiteOf, _: Admin) -> list[User]:
    """Return all users."""
    return site.accounts.users()


@router.post("/users", status_code=201)
def add_user(given: NewUser, site: SiteOf, person: Admin) -> None:
    """Add a user; the first is added at the machine itself: monitor user add NAME."""
    if site.accounts.is_empty:
        raise HTTPException(403, "The first user is added at the machine itself: monitor user add NAME")
    site.accounts.add_user(given.name, hashed(given.password), given.role, _set(given.cameras))
    site.audit.note(person, f"added {given.name} as {given.role.value}")


@router.put("/users/{name}", status_code=204)
def change_user(name: Named, given: Rights, site: SiteOf, person: Admin) -> None:
    """Set what a user may do, and a new password where one is given, which ends their log-ins."""
    new = None if given.password is None else hashed(given.password)
    site.accounts.set_rights(name, given.role, _set(given.cameras))
    if new is not None:
        site.accounts.set_password(name, new)
    site.audit.note(person, f"made {name} {given.role.value}{', with a new password' if new else ''}")


@router.delete("/users/{name}", status_code=204)
def remove_user(name: Named, site: SiteOf, person: Admin) -> None:
    """Remove a user with all log-ins; the last admin stays."""
    site.accounts.remove_user(name)
    site.audit.note(person, f"removed {name}")


@router.get("/tokens")
def tokens(site: SiteOf, _: Admin) -> list[Token]:
    """Return all tokens, without their secrets."""
    return site.accounts.tokens()


@router.post("/tokens", status_code=201)
def add_token(given: NewToken, site: SiteOf, person: Admin) -> MadeToken:
    """Make a token for a script: `Authorization: Bearer SECRET`."""
    secret = site.accounts.add_token(given.name, given.role, _set(given.cameras))
    site.audit.note(person, f"made the token {given.name} for a {given.role.value}")
    return MadeToken(name=given.name, secret=secret)


@router.delete("/tokens/{token_id}", status_code=204)
def remove_token(token_id: str, site: SiteOf, person: Admin) -> None:
    """Remove a token, which works no more at once."""
    if not site.accounts.remove_token(token_id):
        raise HTTPException(404, "There is no such token.")
    site.audit.note(person, "removed a token")


def _session(each: Session, this: str | None) -> SessionView:
    return SessionView(
        id=each.id,
        user=each.user,
        address=each.address,
        agent=each.agent,
        made=each.made,
        used=each.used,
        is_this=each.id == this,
    )


def _set(cameras: list[str] | None) -> frozenset[str] | None:
    return None if cameras is None else frozenset(cameras)
