"""Where a journal is: a file, or the URL of a PostgreSQL database."""

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.errors import MissingPackageError, UsageError

Place = URL
"""Where a journal is; `shown` makes it fit to be shown."""

FILE_NAME = "journal.sqlite"
"""The journal in an output folder, unless another is named."""

ALERTS_NAME = "alerts.sqlite"
"""Alerts wait here where the journal is on another machine: they must not wait for that too."""


def journal_url(address: str | Path, folder: Path) -> URL:
    """Return the URL of the journal at `address`, a path or URL; an empty one is the output folder's own.

    Raises `UsageError` for what is neither, `MissingPackageError` where PostgreSQL's driver is missing.
    """
    text = str(address) or str(folder / FILE_NAME)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except ArgumentError:
        raise UsageError("The journal's address is not a path or URL; give a file or " + _EXAMPLE) from None
    kind = url.get_backend_name()
    if kind == "sqlite":
        return url
    if kind not in ("postgresql", "postgres"):
        raise UsageError(f"A journal cannot be kept in {kind}; give a file or {_EXAMPLE}")
    if find_spec("psycopg") is None:
        raise MissingPackageError(
            "A journal in PostgreSQL needs psycopg: pip install 'motion-change-monitor[postgres]'"
        )
    return url.set(drivername="postgresql+psycopg")


def outbox_url(address: str | Path, folder: Path) -> URL:
    """Return where alerts wait: in the journal if that is a file, else in a file of the output folder."""
    url = journal_url(address, folder)
    local = url.get_backend_name() == "sqlite"
    return url if local else URL.create("sqlite", database=str(folder / ALERTS_NAME))


def shown(url: URL) -> str:
    """Return the address fit to be shown: a path, or a URL without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    bare = URL.create("postgresql", url.username, host=url.host, port=url.port, database=url.database)
    return bare.render_as_string()


_EXAMPLE = "postgresql://USER@HOST/DATABASE (the password in PGPASSWORD or ~/.pgpass)."
