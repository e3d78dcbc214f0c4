"""In which state each source of each node was when it was last heard of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us
from monitor.outputs.journal.schema import coverage


@dataclass(frozen=True, slots=True)
class LastState:
    """What a source was in from `since` to `until`, after which nothing more is written."""

    node: str
    source: str
    state: str
    why: str | None
    since: datetime
    until: datetime


def last_states(journal: Journal) -> list[LastState]:
    """Return the last state of every source, by node and name."""
    c = coverage.c
    newest = select(c.node, c.source, func.max(c.end_us).label("end_us"))
    latest = newest.group_by(c.node, c.source).subquery()
    last = (c.node == latest.c.node) & (c.source == latest.c.source) & (c.end_us == latest.c.end_us)
    query = select(coverage).join(latest, last).order_by(c.node, c.source, c.start_us)
    with journal.reading() as connection:
        rows = connection.execute(query).all()
    found = {
        (row.node, row.source): LastState(
            row.node, row.source, row.state, row.why, from_us(row.start_us), from_us(row.end_us)
        )
        for row in rows
    }
    return list(found.values())
