"""An open journal: takes entries, each once however often it is handed in, and marks made by people."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, Table, func, or_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from monitor.outputs.journal import schema
from monitor.outputs.journal.address import shown
from monitor.outputs.journal.entries import CoverageEntry, Entry, EventEntry, GapEntry, NearMissEntry
from monitor.outputs.journal.errors import JournalAwayError, JournalDamagedError, JournalError, told
from monitor.outputs.journal.opening import keep_aside, open_engine

log = logging.getLogger(__name__)

_KEEP: Any = object()


class Journal:
    """A journal that is open; may be used from several threads at once.

    `name` is fit to be shown. `is_file` says that it is an SQLite file, which belongs to one output folder;
    a PostgreSQL journal is shared by all nodes. Every call raises `JournalError`.
    """

    def __init__(self, engine: Engine) -> None:
        self.name = shown(engine.url)
        self.is_file = engine.dialect.name == "sqlite"
        self._readers = engine
        self._writers = engine.execution_options(writes=True)
        self._wrote = False
        self.insert: Any = sqlite_insert if self.is_file else postgresql_insert

    @classmethod
    def open(cls, url: URL, *, create: bool = True) -> Self:
        """Open the journal, bringing its tables to the present version; see `open_engine`."""
        return cls(open_engine(url, create=create))

    @classmethod
    def open_or_renew(cls, url: URL, now: datetime) -> Self:
        """Open the journal; a damaged file is kept aside under a name with the time, and a new one begun."""
        try:
            return cls.open(url)
        except JournalDamagedError as error:
            aside = keep_aside(Path(shown(url)), f"{now:%Y%m%dT%H%M%SZ}")
            log.warning("%s It is now %s, and a new one is begun.", error, aside[0])
            return cls.open(url)

    @property
    def file(self) -> Path | None:
        """The SQLite file, None for PostgreSQL."""
        return Path(self.name) if self.is_file else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; safe to call twice."""
        if self.is_file and self._wrote:
            self._wrote = False
            # A journal has grown: without fresh statistics SQLite may choose a worse index.
            with suppress(JournalError), self.reading() as connection:
                connection.exec_driver_sql("PRAGMA analysis_limit = 400")
                connection.exec_driver_sql("PRAGMA optimize")
        self._readers.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose queries all see the same moment."""
        with told(self.name), self._readers.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all made, or none."""
        try:
            with told(self.name), self._writers.begin() as connection:
                self._wrote = True
                yield connection
        except JournalAwayError:
            # The next try is made with new connections: these may hold a file whose disk was mounted anew.
            self._readers.dispose()
            raise

    def write(self, entries: Iterable[Entry]) -> None:
        """Take entries in their order, all or none; one that is there already changes nothing.

        An event that has closed is not opened again, and a file that was deleted is not named again.
        """
        given = list(entries)
        with self.writing() as connection:
            self._write_events(connection, [e for e in given if isinstance(e, EventEntry)])
            for table, kind, statement in self._others():
                rows = [asdict(entry) for entry in given if isinstance(entry, kind)]
                if rows:
                    connection.execute(statement(self.insert(table)), rows)

    def _others(self) -> Sequence[tuple[Table, type[Entry], Any]]:
        def near_miss(new: Any) -> Any:
            return new.on_conflict_do_nothing(index_elements=["id"])

        def gap(new: Any) -> Any:
            told_end = new.excluded.end_us.is_not(None)
            values = {"end_us": new.excluded.end_us, "why": new.excluded.why}
            return new.on_conflict_do_update(index_elements=["id"], set_=values, where=told_end)

        def coverage(new: Any) -> Any:
            later = new.excluded.end_us > schema.coverage.c.end_us
            values = {"end_us": new.excluded.end_us}
            return new.on_conflict_do_update(index_elements=["id"], set_=values, where=later)

        return (
            (schema.near_misses, NearMissEntry, near_miss),
            (schema.gaps, GapEntry, gap),
            (schema.coverage, CoverageEntry, coverage),
        )

    def _write_events(self, connection: Connection, entries: Sequence[EventEntry]) -> None:
        if not entries:
            return
        rows = [asdict(entry) for entry in entries]
        files = [
            {"event_id": row["id"], "role": role, "path": path, "state": "there"}
            for row in rows
            for role, path in row.pop("files").items()
        ]
        new = self.insert(schema.events)
        fresh = ("run", "kind", "start_us", "end_us", "seen_us", "is_open", "record")
        values = {column: new.excluded[column] for column in fresh}
        values["at_us"] = func.coalesce(new.excluded.start_us, schema.events.c.at_us)
        not_back = or_(schema.events.c.is_open, ~new.excluded.is_open)
        connection.execute(
            new.on_conflict_do_update(index_elements=["id"], set_=values, where=not_back), rows
        )
        self.add_files(connection, files)

    def add_files(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Name files of events, rows of `schema.files`; one that was deleted stays so."""
        if not rows:
            return
        new = self.insert(schema.files)
        still = schema.files.c.state == "there"
        statement = new.on_conflict_do_update(
            index_elements=["event_id", "role"], set_={"path": new.excluded.path}, where=still
        )
        connection.execute(statement, list(rows))

    def mark(
        self, event_id: str, *, label: bool | None = _KEEP, note: str | None = _KEEP, kept: bool = _KEEP
    ) -> None:
        """Set what people say of an event; what is not given stays as it is."""
        given = {"label": label, "note": note, "kept": kept}
        values = {name: value for name, value in given.items() if value is not _KEEP}
        with self.writing() as connection:
            connection.execute(update(schema.events).where(schema.events.c.id == event_id).values(**values))
