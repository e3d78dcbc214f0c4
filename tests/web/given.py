"""A page over a journal in a folder of the test, and browsers that ask it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from monitor.clock import SimulatedClock
from monitor.outputs.journal.entries import Entry
from monitor.settings import Settings
from monitor.web.accounts import Accounts
from monitor.web.app import create_app
from monitor.web.security.identity import CSRF_HEADER
from monitor.web.security.passwords import hashed
from monitor.web.security.roles import Role
from monitor.web.serving import accounts_of
from monitor.web.site import Site
from tests.outputs.journal.given import NOON

PASSWORD = "correct horse battery"
URL = "http://127.0.0.1:8420"

MakeSite = Callable[..., Site]


def site(folder: Path, *entries: Entry, clock: SimulatedClock | None = None, **sections: Any) -> Site:
    """What a page stands on: the folder's journal with these entries, settings with these sections."""
    sections.setdefault("outputs", {"folder": folder})
    sections.setdefault("journal", {"node": "pi"})
    settings = Settings.model_validate(sections)
    clock = clock or SimulatedClock(NOON)
    made = Site(settings, lambda: settings, clock, accounts_of(settings, clock), is_private=True)
    made.journal.write(entries)
    return made


def with_users(accounts: Accounts) -> None:
    """Add anna, an admin, and victor, a viewer of the yard alone."""
    accounts.add_user("anna", _HASH, Role.ADMIN, None)
    accounts.add_user("victor", _HASH, Role.VIEWER, frozenset({"yard"}))


def browser(made: Site, name: str | None = None) -> TestClient:
    """A browser at the page's own address, logged in where a name is given."""
    client = TestClient(create_app(made), base_url=URL, client=("127.0.0.1", 50000))
    if name is not None:
        answer = client.post("/api/login", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers[CSRF_HEADER] = answer.json()["csrf"]
    return client


_HASH = hashed(PASSWORD)
