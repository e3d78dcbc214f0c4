"""Which files the journal names, and how a name leaves it before or after its file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, literal, select, update

from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us
from monitor.outputs.journal.schema import events, files


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file with what the journal knows of the events that name it.

    `path` is relative to the output folder; `at` is the newest of those events, `is_open` says that one is
    still going on, `is_precious` that one is kept or labelled.
    """

    path: str
    source: str
    at: datetime
    is_open: bool
    is_precious: bool
    event_ids: tuple[str, ...]


def named_files(journal: Journal, node: str, *, state: str = "there") -> Mapping[str, NamedFile]:
    """Return the files of this node by path: those that are there, `going` (to be deleted) or `gone`."""
    query: Select[Any] = (
        select(files.c.path, events.c.id, events.c.source, events.c.at_us, events.c.is_open, events.c.kept,
               events.c.label)
        .join(events, events.c.id == files.c.event_id)
        .where(files.c.state == literal(state, literal_execute=True))
    )  # fmt: skip
    if not journal.is_file:
        query = query.where(events.c.node == node)
    found: dict[str, NamedFile] = {}
    with journal.reading() as connection:
        for row in connection.execute(query):
            precious = bool(row.kept) or row.label is not None
            new = NamedFile(row.path, row.source, from_us(row.at_us), bool(row.is_open), precious, (row.id,))
            found[row.path] = _both(found[row.path], new) if row.path in found else new
    return found


def is_inside(path: str) -> bool:
    """Say whether a path of the journal stays within the output folder: only then it is read or deleted."""
    return not Path(path).is_absolute() and ".." not in Path(path).parts


def _both(one: NamedFile, other: NamedFile) -> NamedFile:
    return NamedFile(
        path=one.path,
        source=one.source,
        at=max(one.at, other.at),
        is_open=one.is_open or other.is_open,
        is_precious=one.is_precious or other.is_precious,
        event_ids=(*one.event_ids, *other.event_ids),
    )


def set_state(journal: Journal, named: Sequence[NamedFile], state: str) -> None:
    """Let the journal say that files are `going` (to be deleted), or `gone`; a record names neither."""
    if not named:
        return
    with journal.writing() as connection:
        for file in named:
            mine = (files.c.path == file.path, files.c.event_id.in_(file.event_ids))
            connection.execute(update(files).where(*mine).values(state=state))


def name_file(journal: Journal, event_id: str, role: str, path: str) -> None:
    """Name a file in an event, whatever was said of its place before."""
    with journal.writing() as connection:
        row = {"event_id": event_id, "role": role, "path": path, "state": "there"}
        new = journal.insert(files)
        both = {"path": new.excluded.path, "state": new.excluded.state}
        connection.execute(new.on_conflict_do_update(index_elements=["event_id", "role"], set_=both), [row])


def events_without(journal: Journal, role: str, ids: Iterable[str]) -> set[str]:
    """Return those of the events that name no file for this role."""
    wanted = list(ids)
    with journal.reading() as connection:
        named = select(files.c.event_id).where(
            files.c.event_id.in_(wanted), files.c.role == role, files.c.state == "there"
        )
        return set(wanted) - set(connection.execute(named).scalars())
