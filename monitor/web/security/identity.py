"""Finds out who asks, from a session's cookie or a token, and refuses what they may not do."""

from typing import Annotated

from fastapi import Depends, HTTPException
from starlette.requests import HTTPConnection

from monitor.web.security.roles import NOBODY_ELSE, Person
from monitor.web.security.secrets import is_same
from monitor.web.site import Site

COOKIE = "monitor_session"
"""Over TLS with the prefix below, which no page of another host or without TLS can set."""

SECURE_COOKIE = f"__Host-{COOKIE}"

CSRF_HEADER = "X-CSRF-Token"

_CHALLENGE = {"WWW-Authenticate": "Bearer"}

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""


def site_of(connection: HTTPConnection) -> Site:
    """Return what the page stands on."""
    site: Site = connection.app.state.site
    return site


SiteOf = Annotated[Site, Depends(site_of)]


def cookie_name(connection: HTTPConnection) -> str:
    """Return the name of the session's cookie on this connection."""
    return SECURE_COOKIE if connection.url.scheme in ("https", "wss") else COOKIE


def person_of(connection: HTTPConnection, site: SiteOf) -> Person:
    """Return who asks; 401 for nobody, 403 for a change that does not come from the page itself."""
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        person = site.accounts.person_of_token(token.strip())
        if person is None:
            raise HTTPException(401, "This token is not known, or was removed.", _CHALLENGE)
        return person
    secret = connection.cookies.get(cookie_name(connection))
    if secret and (person := site.accounts.person_of_session(secret)):
        _require_csrf(connection, person)
        return person
    if site.is_private and site.accounts.is_empty:
        return NOBODY_ELSE
    raise HTTPException(401, "Log in first, or send a token.", _CHALLENGE)


def admin_of(person: Annotated[Person, Depends(person_of)]) -> Person:
    """Return who asks, 403 where they are no admin."""
    if not person.is_admin:
        raise HTTPException(403, "Only an admin may do this.")
    return person


Viewer = Annotated[Person, Depends(person_of)]
Admin = Annotated[Person, Depends(admin_of)]


def _require_csrf(connection: HTTPConnection, person: Person) -> None:
    method = connection.scope.get("method", "GET")  # a WebSocket has none; its origin is checked before
    if method in SAFE or person.csrf is None:
        return
    if not is_same(connection.headers.get(CSRF_HEADER), person.csrf):
        raise HTTPException(403, f"The header {CSRF_HEADER} is missing or wrong; GET /api/me tells it.")
