"""What a timeline asks: counts by hour, six hours and day, and indices that answer without the records."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, text

revision = "2"
down_revision = "1"

_Id = Text().with_variant(Text(collation="C"), "postgresql")

_SPANS_US = (3_600_000_000, 21_600_000_000, 86_400_000_000)
"""An hour, six, a day."""

_KEY = ("what", "span_us", "start_us", "node", "source", "kind")

_BLINDING = "NOT (kind <> 'covered' AND kind <> 'blinded' AND kind <> 'frozen' AND kind <> 'signal_lost')"


def upgrade() -> None:
    """Make the tables and indices, and count what is there."""
    op.drop_index("ix_events_at", "events")
    op.create_index("ix_events_at", "events", ["at_us", "source", "kind", "node", "end_us"])
    op.create_index("ix_events_source_kind_at", "events", ["source", "kind", "at_us"])
    op.create_index(
        "ix_events_kept_at", "events", ["at_us"], sqlite_where=text("kept = 1"), postgresql_where=text("kept")
    )
    op.create_index(
        "ix_events_blinding",
        "events",
        ["end_us", "at_us", "source", "node", "kind"],
        sqlite_where=text(_BLINDING),
        postgresql_where=text(_BLINDING),
    )
    op.drop_index("ix_near_misses_at", "near_misses")
    op.create_index("ix_near_misses_at", "near_misses", ["at_us", "source", "kind", "node", "end_us"])
    op.drop_index("ix_coverage_source_start", "coverage")
    op.create_index("ix_coverage_source_start", "coverage", ["source", "node", "start_us", "end_us"])
    op.create_table(
        "event_counts",
        Column("what", Text, primary_key=True),
        Column("span_us", BigInteger, primary_key=True, autoincrement=False),
        Column("start_us", BigInteger, primary_key=True, autoincrement=False),
        Column("node", _Id, primary_key=True),
        Column("source", _Id, primary_key=True),
        Column("kind", _Id, primary_key=True),
        Column("count", Integer, nullable=False),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, what in (("events", "event"), ("near_misses", "near_miss")):
        for span_us in _SPANS_US:
            op.execute(
                f"INSERT INTO event_counts SELECT '{what}', {span_us}, at_us - at_us % {span_us}, node, "
                f"source, kind, count(*) FROM {table} GROUP BY 3, 4, 5, 6"
            )
        (_sqlite_triggers if is_sqlite else _postgresql_triggers)(table, what)
    if is_sqlite:
        # Without statistics of the new indices SQLite takes worse ones.
        op.execute("PRAGMA analysis_limit = 400")
        op.execute("ANALYZE")


def _sqlite_triggers(table: str, what: str) -> None:
    moved = "OLD.at_us <> NEW.at_us OR OLD.kind <> NEW.kind"
    for name, when, body in (
        ("added", "INSERT ON", _counted(what, "NEW", 1)),
        ("removed", "DELETE ON", _counted(what, "OLD", -1)),
        ("moved", "UPDATE OF at_us, kind ON", _counted(what, "OLD", -1) + _counted(what, "NEW", 1)),
    ):
        only = f"WHEN {moved} " if name == "moved" else ""
        op.execute(f"CREATE TRIGGER {table}_{name} AFTER {when} {table} FOR EACH ROW {only}BEGIN {body} END")


def _postgresql_triggers(table: str, what: str) -> None:
    function = f"monitor_count_{table}"
    op.execute(
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' THEN {_counted(what, 'OLD', -1)} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {_counted(what, 'NEW', 1)} END IF; "
        "RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_counted AFTER INSERT OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_moved AFTER UPDATE OF at_us, kind ON {table} FOR EACH ROW "
        "WHEN (OLD.at_us <> NEW.at_us OR OLD.kind <> NEW.kind) "
        f"EXECUTE FUNCTION {function}()"
    )


def _counted(what: str, row: str, by: int) -> str:
    """Return the statements that add `by` to what a row counts to."""
    return "".join(
        f"INSERT INTO event_counts VALUES ('{what}', {span_us}, {row}.at_us - {row}.at_us % {span_us}, "
        f"{row}.node, {row}.source, {row}.kind, {by}) "
        f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET count = event_counts.count + excluded.count; "
        for span_us in _SPANS_US
    )
