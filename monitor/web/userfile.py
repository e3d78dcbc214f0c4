"""The file of users, sessions, tokens and shared links: one SQLite file that only its owner may read."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from monitor.errors import OutputError
from monitor.outputs.layout import writing

FILE_NAME = "users.sqlite"
"""In the output folder."""

_BUSY_S = 5.0

_TABLES = """
CREATE TABLE IF NOT EXISTS users (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, cameras TEXT, password TEXT NOT NULL, made_us INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
  hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, csrf TEXT NOT NULL,
  user TEXT NOT NULL REFERENCES users(name) ON DELETE CASCADE,
  address TEXT NOT NULL, agent TEXT NOT NULL,
  made_us INTEGER NOT NULL, used_us INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
  hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL, cameras TEXT, made_us INTEGER NOT NULL, used_us INTEGER
);
CREATE TABLE IF NOT EXISTS shares (
  id TEXT PRIMARY KEY, event TEXT NOT NULL, maker TEXT NOT NULL,
  made_us INTEGER NOT NULL, ends_us INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, secret BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS audit (
  number INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL
);
"""


class UserFile:
    """The file, made at once. May be used from several threads and processes.

    Whatever is done with it raises `OutputError` where it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Made with its rights, before there is anything in it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)
        with self.changing() as db:
            db.executescript(_TABLES)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for questions."""
        with self._told(), closing(sqlite3.connect(self._path, timeout=_BUSY_S)) as db:
            yield db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for changes, of which all are made at its end, or none where something raises."""
        with self.reading() as db, db:
            db.execute("PRAGMA foreign_keys = ON")
            yield db

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise OutputError(f"{self._path}: the users' file cannot be used: {error}.") from error
