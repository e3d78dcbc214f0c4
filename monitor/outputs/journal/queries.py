"""What is asked of a journal: events and near misses by source, kind, time and label."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, or_, select, union_all

from monitor.errors import UsageError
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us, to_us
from monitor.outputs.journal.schema import events, files, near_misses
from monitor.outputs.records import EventRecord, NearMissRecord, files_of_roles

_LIKE_THESE = 5
"""So many events are named where a beginning fits several."""

_BATCH = 500
"""Events whose files are read together."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; None, or an empty set, is all. `label` "any" is every label but none.

    It is the start that lies from `since` on and before `until`.
    """

    sources: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    label: bool | Literal["none", "any"] | None = None
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """An event of the journal with what people say of it; `at` is its start, or when it was written down."""

    id: str
    node: str
    at: datetime
    is_open: bool
    label: bool | None
    note: str | None
    kept: bool
    record: EventRecord


def find_events(
    journal: Journal,
    wanted: Filter,
    limit: int | None = None,
    *,
    beyond: tuple[datetime, str] | None = None,
) -> Iterator[JournalEvent]:
    """Yield the newest events first, at most `limit`; only what follows `beyond`, an event's `at` and id."""
    parts = _parts(wanted)
    if limit is None or not 1 < len(parts) <= _MOST_PARTS:
        query = _ordered(_asked(select(events), wanted, beyond), events, wanted)
    else:
        newest = [
            _ordered(_asked(select(events.c.id, events.c.at_us), part, beyond), events, part).limit(limit)
            for part in parts
        ]
        ids = union_all(*(select(each.subquery()) for each in newest)).subquery()
        query = select(events).where(events.c.id.in_(select(ids.c.id)))
        query = query.order_by(events.c.at_us.desc(), events.c.id)
    with journal.reading() as connection:
        # In parts, each with its files, so that a million of them never stand in memory.
        rows = connection.execute(query.limit(limit), execution_options={"yield_per": _BATCH})
        for some in rows.partitions():
            yield from _with_files(connection, some)


_MOST_PARTS = 64
"""Several cameras or kinds are asked one by one: for each an index gives the newest at once, where one for
all would be read to its end and sorted. Beyond so many that is no longer faster."""


def _parts(wanted: Filter) -> list[Filter]:
    """Return filters of one source and one kind at most, which together want the same."""
    sources = [frozenset({source}) for source in sorted(wanted.sources)] or [wanted.sources]
    kinds = [frozenset({kind}) for kind in sorted(wanted.kinds)] or [wanted.kinds]
    return [replace(wanted, sources=source, kinds=kind) for source, kind in product(sources, kinds)]


def _asked(query: Select[Any], wanted: Filter, beyond: tuple[datetime, str] | None) -> Select[Any]:
    if beyond is not None:
        at_us, event_id = to_us(beyond[0]), beyond[1]
        query = query.where(events.c.at_us <= at_us, or_(events.c.at_us < at_us, events.c.id > event_id))
    if wanted.label == "none":
        query = query.where(events.c.label.is_(None))
    elif wanted.label == "any":
        query = query.where(events.c.label.is_not(None))
    elif wanted.label is not None:
        # Not IS: SQLite would then not take the index of labelled events.
        query = query.where(events.c.label == wanted.label)
    if wanted.kept is not None:
        # Not IS, either.
        query = query.where(events.c.kept if wanted.kept else ~events.c.kept)
    return query


def find_event(journal: Journal, prefix: str) -> JournalEvent:
    """Return the event whose id begins with `prefix`; raises `UsageError` for none or for several."""
    begins = (events.c.id >= prefix, events.c.id <= prefix + "\U0010ffff")
    with journal.reading() as connection:
        query = select(events).where(*begins).order_by(events.c.id).limit(_LIKE_THESE)
        found = connection.execute(query).all() if prefix else []
        same = [row for row in found if row.id == prefix] or found
        if len(same) == 1:
            return next(_with_files(connection, same))
    if not found:
        raise UsageError(f"No event's id begins with {prefix!r}; `monitor events list` shows them.")
    ids = ", ".join(str(row.id) for row in found)
    raise UsageError(f"Several events' ids begin with {prefix!r}: {ids}; give more letters.")


def exact_event(journal: Journal, event_id: str) -> JournalEvent | None:
    """Return the event of this id, None where there is none."""
    with journal.reading() as connection:
        rows = connection.execute(select(events).where(events.c.id == event_id)).all()
        return next(_with_files(connection, rows), None)


def find_near_misses(journal: Journal, wanted: Filter, limit: int | None = None) -> Iterator[NearMissRecord]:
    """Yield the newest near misses first, at most `limit`; they have no labels."""
    query = _ordered(select(near_misses.c.record), near_misses, wanted).limit(limit)
    with journal.reading() as connection:
        for row in connection.execute(query, execution_options={"yield_per": _BATCH}):
            yield json.loads(row.record)


def _ordered(query: Select[Any], table: Table, wanted: Filter) -> Select[Any]:
    return query.where(*_conditions(table, wanted)).order_by(table.c.at_us.desc(), table.c.id)


def _conditions(table: Table, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.sources:
        yield table.c.source.in_(sorted(wanted.sources))
    if wanted.kinds:
        yield table.c.kind.in_(sorted(wanted.kinds))
    if wanted.since is not None:
        yield table.c.at_us >= to_us(wanted.since)
    if wanted.until is not None:
        yield table.c.at_us < to_us(wanted.until)


def _with_files(connection: Connection, rows: Any) -> Iterator[JournalEvent]:
    by_event: dict[str, dict[str, str]] = {row.id: {} for row in rows}
    query = select(files).where(files.c.event_id.in_(list(by_event)), files.c.state == "there")
    for file in connection.execute(query):
        by_event[file.event_id][file.role] = file.path
    for row in rows:
        yield _event(row, by_event[row.id])


def _event(row: Row[Any], named: Mapping[str, str]) -> JournalEvent:
    record: EventRecord = json.loads(row.record)
    record["files"] = files_of_roles(named)
    return JournalEvent(
        row.id, row.node, from_us(row.at_us), row.is_open, row.label, row.note, row.kept, record
    )
