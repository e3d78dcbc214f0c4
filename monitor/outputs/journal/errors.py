"""What can go wrong with a journal, and how the errors of its database are told apart."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from monitor.errors import OutputError


class JournalError(OutputError):
    """The journal cannot be used."""


class JournalAwayError(JournalError):
    """The journal cannot be reached or written just now; what failed can be tried again later."""


class JournalDamagedError(JournalError):
    """The journal's file is no longer a whole database."""


class JournalRefusedError(JournalError):
    """The journal is there and will not take this, however often it is tried."""


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn every error of the database inside into a `JournalError` that names the journal."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _translated(name, error) from error


def _translated(name: str, error: Exception) -> JournalError:
    # While a connection is made SQLAlchemy lets the driver's own errors pass.
    cause = error.orig if isinstance(error, DBAPIError) else error
    reason = " ".join(str(cause).split())
    if isinstance(cause, sqlite3.Error) and _is_damage(cause):
        return JournalDamagedError(
            f"{name}: the journal is damaged ({reason}). "
            "`monitor check --repair` keeps it aside under another name and begins a new one."
        )
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if isinstance(error, DataError | IntegrityError | ProgrammingError) and not lost:
        return JournalRefusedError(f"{name}: the journal does not take this: {reason}.")
    return JournalAwayError(f"{name}: the journal cannot be used: {reason}. {_next_step(reason)}")


def _is_damage(cause: sqlite3.Error) -> bool:
    name = getattr(cause, "sqlite_errorname", None) or ""
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _next_step(reason: str) -> str:
    if "full" in reason:
        return "Free some space."
    if "readonly" in reason or "unable to open" in reason:
        return "Grant write permission to the file and its folder, or choose another one."
    if "I/O error" in reason:
        return "Look after its disk: it may be gone, broken or read only."
    if "locked" in reason:
        return "Another program holds it; wait for it, or end it."
    return "Is the database running, and are its address, user and password right?"
