"""The journal of the settings: can it be used, and are its tables of today."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.health.check import Check, State
from monitor.outputs.journal.address import journal_url, shown
from monitor.outputs.journal.check import damage_of
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.opening import VERSION_TABLE
from monitor.outputs.journal.schema import HEAD
from monitor.settings import Settings

_NAME = "journal"


def journal_check(settings: Settings) -> Check:
    """Return whether the journal opens; older tables are told and left as they are.

    Raises `UsageError`, `MissingPackageError` or `JournalError` where it does not.
    """
    place = journal_url(settings.journal.url, settings.outputs.folder)
    name = shown(place)
    if place.get_backend_name() == "sqlite":
        file = Path(place.database or "")
        if not file.exists():
            return Check(_NAME, State.OK, f"{name}: none yet; `monitor watch` begins it")
        if not os.access(file, os.W_OK):
            step = f"give it to whoever runs the program: sudo chown $USER {file}"
            return Check(_NAME, State.PROBLEM, f"{name}: may not be written", step)
        version = _version(file)
        if version is not None and version.isdecimal() and int(version) < int(HEAD):
            found = f"{name}: its tables are version {version}, this program's {HEAD}"
            return Check(
                _NAME, State.WARNING, found, "the next start of `monitor watch` brings them up to date"
            )
    with Journal.open(place, create=False) as journal:
        damage = damage_of(journal)
    if damage:
        return Check(_NAME, State.PROBLEM, f"{name}: {damage}", "monitor check --repair")
    return Check(_NAME, State.OK, f"{name}, tables version {HEAD}")


def _version(file: Path) -> str | None:
    """Return the version of the tables without changing anything; None where it cannot be told so."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])
