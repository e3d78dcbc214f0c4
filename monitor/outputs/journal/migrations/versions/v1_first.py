"""The first tables: events with their files, near misses, gaps, coverage, alerts."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Text, text

revision = "1"
down_revision = None

_Id = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _events()
    _event_files()
    _near_misses()
    _gaps()
    _coverage()
    _alerts()


def _events() -> None:
    op.create_table(
        "events",
        Column("id", _Id, primary_key=True),
        Column("node", Text, nullable=False),
        Column("run", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("at_us", BigInteger, nullable=False),
        Column("start_us", BigInteger),
        Column("end_us", BigInteger),
        Column("seen_us", BigInteger),
        Column("is_open", Boolean, nullable=False),
        Column("label", Boolean),
        Column("note", Text),
        Column("kept", Boolean, nullable=False, server_default=text("false")),
        Column("record", Text, nullable=False),
    )
    op.create_index("ix_events_source_at", "events", ["source", "at_us"])
    op.create_index("ix_events_kind_at", "events", ["kind", "at_us"])
    op.create_index("ix_events_at", "events", ["at_us"])
    op.create_index(
        "ix_events_labelled_at",
        "events",
        ["at_us"],
        sqlite_where=text("label IS NOT NULL"),
        postgresql_where=text("label IS NOT NULL"),
    )
    op.create_index(
        "ix_events_open", "events", ["id"], sqlite_where=text("is_open"), postgresql_where=text("is_open")
    )


def _event_files() -> None:
    op.create_table(
        "event_files",
        Column("event_id", _Id, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
        Column("role", Text, primary_key=True),
        Column("path", Text, nullable=False),
        Column("state", Text, nullable=False),
    )
    op.create_index("ix_event_files_path", "event_files", ["path"])
    op.create_index(
        "ix_event_files_going",
        "event_files",
        ["event_id"],
        sqlite_where=text("state = 'going'"),
        postgresql_where=text("state = 'going'"),
    )


def _near_misses() -> None:
    op.create_table(
        "near_misses",
        Column("id", _Id, primary_key=True),
        Column("node", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("at_us", BigInteger, nullable=False),
        Column("start_us", BigInteger),
        Column("end_us", BigInteger),
        Column("record", Text, nullable=False),
    )
    op.create_index("ix_near_misses_source_at", "near_misses", ["source", "at_us"])
    op.create_index("ix_near_misses_at", "near_misses", ["at_us"])


def _gaps() -> None:
    op.create_table(
        "gaps",
        Column("id", _Id, primary_key=True),
        Column("node", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("start_us", BigInteger, nullable=False),
        Column("end_us", BigInteger),
        Column("why", Text, nullable=False),
    )
    op.create_index("ix_gaps_start", "gaps", ["start_us"])


def _coverage() -> None:
    op.create_table(
        "coverage",
        Column("id", _Id, primary_key=True),
        Column("node", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("why", Text),
        Column("start_us", BigInteger, nullable=False),
        Column("end_us", BigInteger, nullable=False),
    )
    op.create_index("ix_coverage_end", "coverage", ["end_us"])
    op.create_index("ix_coverage_source_start", "coverage", ["source", "start_us"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        Column("id", _Id, primary_key=True),
        Column("node", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("dedupe_key", Text, nullable=False, unique=True),
        Column("kind", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("created_us", BigInteger, nullable=False),
        Column("next_try_us", BigInteger, nullable=False),
        Column("ended_us", BigInteger),
        Column("attempts", Integer, nullable=False),
        Column("body", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("last_error", Text),
    )
    op.create_index("ix_alerts_state_next_try", "alerts", ["state", "next_try_us"])
    op.create_index("ix_alerts_channel_created", "alerts", ["channel", "created_us"])
