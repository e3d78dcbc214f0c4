"""The tables of the journal as they are now; `migrations` holds how they came to be.

Every `*_us` is a moment in microseconds since 1970 in UTC. Flags that nobody set are null.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

HEAD: Final = "2"
"""Version of the tables that this program reads and writes; the newest of `migrations`."""

metadata = MetaData()

# Identifiers are compared letter by letter, not as words of a language: so their index finds a prefix.
_Id = Text().with_variant(Text(collation="C"), "postgresql")

BLINDING: Final = (
    "NOT (kind <> 'covered' AND kind <> 'blinded' AND kind <> 'frozen' AND kind <> 'signal_lost')"
)
"""The kinds of `coverage.BLINDING`. Written like this, and not as a list, so that of all indices SQLite takes
the one of these events, in which the last ones are found at once."""

events = Table(
    "events",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node", Text, nullable=False),
    Column("run", Text, nullable=False),  # of the program that writes it; tells whether it still does
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),  # its start; where unknown, when it was written down
    Column("start_us", BigInteger),
    Column("end_us", BigInteger),
    Column("seen_us", BigInteger),  # until when an open one is known to have gone on
    Column("is_open", Boolean, nullable=False),
    Column("label", Boolean),
    Column("note", Text),
    Column("kept", Boolean, nullable=False, server_default=text("false")),
    Column("record", Text, nullable=False),  # JSON, schema 1, without files
    Index("ix_events_source_at", "source", "at_us"),
    Index("ix_events_kind_at", "kind", "at_us"),
    # These hold all that a timeline asks, so that it needs no row.
    Index("ix_events_at", "at_us", "source", "kind", "node", "end_us"),
    Index("ix_events_source_kind_at", "source", "kind", "at_us"),
    Index("ix_events_kept_at", "at_us", sqlite_where=text("kept = 1"), postgresql_where=text("kept")),
    Index("ix_events_blinding", "end_us", "at_us", "source", "node", "kind",
          sqlite_where=text(BLINDING), postgresql_where=text(BLINDING)),
    Index("ix_events_labelled_at", "at_us", sqlite_where=text("label IS NOT NULL"),
          postgresql_where=text("label IS NOT NULL")),
    Index("ix_events_open", "id", sqlite_where=text("is_open"), postgresql_where=text("is_open")),
)  # fmt: skip

files = Table(
    "event_files",
    metadata,
    Column("event_id", _Id, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),  # clip, annotated, snapshot, scores
    Column("path", Text, nullable=False),  # relative to the output folder, with forward slashes
    Column("state", Text, nullable=False),  # there, going (to be deleted), gone
    Index("ix_event_files_path", "path"),
    # Of the files that are there an index by state would only mislead: nearly all are.
    Index("ix_event_files_going", "event_id", sqlite_where=text("state = 'going'"),
          postgresql_where=text("state = 'going'")),
)  # fmt: skip

near_misses = Table(
    "near_misses",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("start_us", BigInteger),
    Column("end_us", BigInteger),
    Column("record", Text, nullable=False),
    Index("ix_near_misses_source_at", "source", "at_us"),
    Index("ix_near_misses_at", "at_us", "source", "kind", "node", "end_us"),
)

event_counts = Table(
    "event_counts",
    metadata,
    # Kept by triggers, whatever writes or deletes.
    Column("what", Text, primary_key=True),  # event, near_miss
    Column("span_us", BigInteger, primary_key=True, autoincrement=False),  # an hour, six or a day, in UTC
    Column("start_us", BigInteger, primary_key=True, autoincrement=False),
    Column("node", _Id, primary_key=True),
    Column("source", _Id, primary_key=True),
    Column("kind", _Id, primary_key=True),
    Column("count", Integer, nullable=False),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("start_us", BigInteger, nullable=False),
    Column("end_us", BigInteger),  # null while the signal is gone, and after a crash in that time
    Column("why", Text, nullable=False),
    Index("ix_gaps_start", "start_us"),
)

coverage = Table(
    "coverage",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),  # watching, warming_up, blind
    Column("why", Text),
    Column("start_us", BigInteger, nullable=False),
    Column("end_us", BigInteger, nullable=False),
    Index("ix_coverage_end", "end_us"),
    Index("ix_coverage_source_start", "source", "node", "start_us", "end_us"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("node", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("next_try_us", BigInteger, nullable=False),
    Column("ended_us", BigInteger),  # when it was sent or given up
    Column("attempts", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Column("state", Text, nullable=False),  # waiting, sent, given_up
    Column("last_error", Text),
    Index("ix_alerts_state_next_try", "state", "next_try_us"),
    Index("ix_alerts_channel_created", "channel", "created_us"),
)
