"""Logging in and out, and who one is."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from monitor.web.security.gate import Gate
from monitor.web.security.identity import SiteOf, Viewer, cookie_name
from monitor.web.security.passwords import LONGEST
from monitor.web.security.roles import Person, Role

router = APIRouter(prefix="/api", tags=["log-in"])


class LogIn(BaseModel):
    """A name with its password."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Me(BaseModel):
    """Who asks. `cameras` null is all; `csrf` goes into the header X-CSRF-Token of every change."""

    name: str
    role: Role
    cameras: list[str] | None
    csrf: str | None


@router.post("/login")
async def log_in(given: LogIn, request: Request, response: Response, site: SiteOf) -> Me:
    """Begin a session: its cookie is set, and who one is now is answered."""
    gate: Gate = request.app.state.gate
    address = request.client.host if request.client else "unknown"
    if not await gate.check(given.name, given.password, address):
        raise HTTPException(401, "Name or password is wrong.")
    agent = request.headers.get("User-Agent", "")
    secret = await run_in_threadpool(site.accounts.begin_session, given.name, address, agent)
    response.set_cookie(
        cookie_name(request),
        secret,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    person = await run_in_threadpool(site.accounts.person_of_session, secret)
    assert person is not None
    return _me(person)


@router.post("/logout", status_code=204)
def log_out(request: Request, response: Response, site: SiteOf, person: Viewer) -> None:
    """End this session."""
    if person.session is not None:
        site.accounts.end_session(person.session)
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="strict")


@router.get("/me")
def me(person: Viewer) -> Me:
    """Return who one is."""
    return _me(person)


def _me(person: Person) -> Me:
    cameras = None if person.is_admin or person.cameras is None else sorted(person.cameras)
    return Me(name=person.name, role=person.role, cameras=cameras, csrf=person.csrf)
