"""A journal is opened in the right mode and version, and what is none is told."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.errors import UsageError
from monitor.outputs.journal import opening, schema
from monitor.outputs.journal.address import Place, journal_url, outbox_url, shown
from monitor.outputs.journal.errors import JournalAwayError, JournalDamagedError
from monitor.outputs.journal.journal import Journal
from tests.outputs.journal.given import NOON, closed_entry

ROOT = Path(__file__).parents[3]


def test_a_file_is_made_with_a_log_that_is_flushed_at_each_commit(journal: Journal) -> None:
    with journal.reading() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_migrations_lead_to_the_tables_that_the_program_uses(journal: Journal) -> None:
    with journal.reading() as connection:
        options = {"version_table": opening.VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []
    assert ScriptDirectory(str(Path(opening.__file__).with_name("migrations"))).get_heads() == [schema.HEAD]


def test_programs_that_begin_a_journal_at_once_migrate_it_once(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from monitor.outputs.journal.address import journal_url\n"
        "from monitor.outputs.journal.journal import Journal\n"
        "sys.stdin.readline()\n"
        "Journal.open(journal_url('', Path(sys.argv[1]))).close()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in started]
    assert said == [""] * 3
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        assert database.execute("SELECT version_num FROM monitor_schema").fetchall() == [(schema.HEAD,)]


def test_a_journal_that_is_open_elsewhere_can_be_opened(journal: Journal, place: Place) -> None:
    journal.write([closed_entry()])
    with Journal.open(place) as other, other.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar() == 1


def test_a_newer_version_is_told_with_what_to_do(place: Place) -> None:
    Journal.open(place).close()
    with sqlite3.connect(shown(place)) as database:
        database.execute("UPDATE monitor_schema SET version_num = '99'")
    with pytest.raises(UsageError, match=r"newer version of the program .*version 99, .*up to \d\); update"):
        Journal.open(place)


def test_a_missing_journal_is_not_made_by_those_that_read(place: Place) -> None:
    with pytest.raises(UsageError, match=r"journal\.sqlite: there is no journal; `monitor watch` begins one"):
        Journal.open(place, create=False)
    assert not Path(shown(place)).exists()


def test_a_database_of_another_program_is_left_alone(place: Place) -> None:
    with sqlite3.connect(shown(place)) as database:
        database.execute("CREATE TABLE music (title)")
    with pytest.raises(UsageError, match="is a database of another program"):
        Journal.open(place)


def test_a_folder_is_no_journal(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder; name the journal's file in it"):
        Journal.open(journal_url(tmp_path, tmp_path))


@pytest.mark.parametrize("spoil", ["head", "middle"])
def test_a_damaged_journal_is_kept_aside_and_a_new_one_begun(place: Place, spoil: str) -> None:
    with Journal.open(place) as journal:
        journal.write([closed_entry(number) for number in range(200)])
    file = Path(shown(place))
    content = bytearray(file.read_bytes())
    spoilt = slice(0, 100) if spoil == "head" else slice(100, 40_000)
    content[spoilt] = b"\xa5" * len(content[spoilt])
    file.write_bytes(content)
    with pytest.raises(JournalDamagedError, match=r"damaged \(.*`monitor check --repair` keeps it aside"):
        Journal.open(place)
    with Journal.open_or_renew(place, NOON) as renewed:
        renewed.write([closed_entry()])
    assert file.with_name("journal.damaged-20251121T120000Z.sqlite").read_bytes() == bytes(content)


def test_text_that_is_no_database_is_damage(place: Place) -> None:
    Path(shown(place)).write_text("these are my notes " * 1000, "utf-8")
    with pytest.raises(JournalDamagedError, match="file is not a database"):
        Journal.open(place)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OSError, match=r"journal\.sqlite cannot be written: File exists"):
        Journal.open(journal_url(tmp_path / "file" / "journal.sqlite", tmp_path))


def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(
        JournalAwayError, match=r"postgresql://me@/yard: the journal cannot be used: .*Is the"
    ):
        Journal.open(journal_url(f"postgresql://me:secret@/yard?host={tmp_path}", tmp_path))


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    assert shown(journal_url("postgresql://me:secret@db/yard?sslpassword=secret", tmp_path)) == (
        "postgresql://me@db/yard"
    )


@pytest.mark.parametrize("address", ["mysql://me@db/yard", "http:/x://", "redis://x"])
def test_what_no_journal_can_be_kept_in_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match=r"give a file or postgresql://USER@HOST/DATABASE"):
        journal_url(address, tmp_path)


def test_alerts_wait_on_this_machine_wherever_the_journal_is(tmp_path: Path) -> None:
    assert shown(outbox_url("", tmp_path)) == str(tmp_path / "journal.sqlite")
    assert shown(outbox_url("postgresql://me@db/yard", tmp_path)) == str(tmp_path / "alerts.sqlite")
