"""Opens the database of a journal: the right mode, the right version, never two migrations at once."""

import logging
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text

from monitor.errors import UsageError
from monitor.outputs.journal.address import shown
from monitor.outputs.journal.errors import told
from monitor.outputs.journal.schema import HEAD
from monitor.outputs.layout import writing

log = logging.getLogger(__name__)

VERSION_TABLE = "monitor_schema"
"""Not Alembic's usual name: a database may hold the tables of other programs that use Alembic too."""

_BUSY_S = 5.0
"""Longest wait for another writer; a transaction of ours takes milliseconds."""

_MIGRATION_BUSY_S = 120.0
"""Longest wait for another program that migrates; a million rows may have to be written anew."""

_CONNECT_S = 3
"""Longest wait for PostgreSQL to answer; while it is away, each try holds its caller up for so long."""

_STATEMENT_MS = 20_000
"""Longest statement in PostgreSQL: one that hangs must not hold its caller for ever."""

_LOCK = 0x6D6F6E69746F72
"""Any number, the same in all programs that migrate a journal: "monitor" in ASCII."""

_MIGRATIONS = Path(__file__).with_name("migrations")


def open_engine(url: URL, *, create: bool) -> Engine:
    """Return an engine whose database has the tables of version `HEAD`.

    A missing SQLite file, its folder and its tables are made only with `create`. Transactions of
    `engine.execution_options(writes=True)` take SQLite's write lock when they begin: one that read first
    could not wait for another writer any more.
    Raises `UsageError` where there is no journal or one of a newer program, `JournalError`.
    """
    name = shown(url)
    file = _file_of(url)
    if file is not None:
        _require(file, name, create)
    engine = _sqlite(url) if file is not None else _postgresql(url)
    try:
        with told(name):
            if file is not None:
                _set_wal(engine)
            _migrate(engine, name, is_file=file is not None)
    except BaseException:
        engine.dispose()
        raise
    return engine


def keep_aside(file: Path, stamp: str) -> list[Path]:
    """Rename a damaged journal and what belongs to it, and return the new names; nothing is deleted."""
    target = file.with_name(f"{file.stem}.damaged-{stamp}{file.suffix}")
    moved = []
    with writing(file):
        for suffix in ("", "-wal", "-shm"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                moved.append(part.rename(target.with_name(target.name + suffix)))
    return moved


def _file_of(url: URL) -> Path | None:
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _require(file: Path, name: str, create: bool) -> None:
    if file.is_dir():
        raise UsageError(f"{name}: is a folder; name the journal's file in it.")
    if file.exists():
        return
    if not create:
        raise UsageError(f"{name}: there is no journal; `monitor watch` begins one, --journal names another.")
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)


def _sqlite(url: URL) -> Engine:
    # Transactions are begun by us: Python's sqlite3 would leave changes of tables outside of them.
    engine = create_engine(url, connect_args={"timeout": _BUSY_S, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        # An alert that is noted as sent must be so after a power cut, or it is sent again; and an event
        # that was told must not be forgotten. NORMAL would lose all since the last checkpoint, minutes;
        # FULL costs one flush for each of our rare commits.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options: Mapping[str, Any] = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    timeouts = {"connect_timeout": _CONNECT_S, "options": f"-c statement_timeout={_STATEMENT_MS}"}
    # Pinging before use: a connection that a restart of the server broke is replaced, not reported.
    return create_engine(url, connect_args=timeouts, pool_pre_ping=True)


def _set_wal(engine: Engine) -> None:
    """Let readers go on while one writes; kept in the file, so set once."""
    connection = engine.raw_connection()
    try:
        deadline_s = time.monotonic() + _BUSY_S
        while True:
            try:
                (mode,) = connection.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
                break
            except sqlite3.OperationalError as error:
                # Two programs that begin a journal at once: SQLite does not wait here by itself.
                if "locked" not in str(error) or time.monotonic() > deadline_s:
                    raise
                time.sleep(0.05)
    finally:
        connection.close()
    if mode != "wal":
        log.warning("%s: no write-ahead log on this file system; readers wait for writers", shown(engine.url))


def _migrate(engine: Engine, name: str, *, is_file: bool) -> None:
    with engine.connect() as connection:
        if _version(connection, name, is_file=is_file) == HEAD:
            return
    with engine.execution_options(writes=True).connect() as connection:
        if is_file:
            # Below SQLAlchemy, which would begin a transaction for it and wait as briefly as ever.
            connection.connection.cursor().execute(f"PRAGMA busy_timeout = {_MIGRATION_BUSY_S * 1000:.0f}")
        with connection.begin():
            if not is_file:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            # Whoever waited for another's migration finds it done.
            if _version(connection, name, is_file=is_file) != HEAD:
                _upgrade(connection)
        if is_file:
            connection.invalidate()


def _version(connection: Connection, name: str, *, is_file: bool) -> str | None:
    """Return the version of the tables, None where there are none yet."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE not in tables:
        if tables and is_file:
            raise UsageError(f"{name}: is a database of another program, not a journal; name another file.")
        return None
    version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    if version is not None and int(version) > int(HEAD):
        raise UsageError(
            f"{name}: was written by a newer version of the program (its tables are version {version}, this "
            f"program knows up to {HEAD}); update this one: pip install --upgrade motion-change-monitor"
        )
    return None if version is None else str(version)


def _upgrade(connection: Connection, version: str = "head") -> None:
    # Alembic takes a tenth of a second to load, and is needed once in a journal's life.
    from alembic.command import upgrade
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    upgrade(config, version)
