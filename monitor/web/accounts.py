"""Users, sessions and tokens."""

import json
import sqlite3
from datetime import timedelta

from monitor.clock import Clock
from monitor.errors import UsageError
from monitor.outputs.journal.moments import from_us, to_us
from monitor.web.holders import Session, Token, User
from monitor.web.security.roles import Person, Role
from monitor.web.security.secrets import hash_of, new_secret
from monitor.web.userfile import UserFile

LONGEST_SESSION = 6
"""A session ends after so many times the span without use that ends it, whatever its use."""

_USED_S = 60.0
"""How exactly the last use of a session or token is known: each use would be a write else."""


class Accounts:
    """The users of `file`. May be used from several threads and processes.

    Every call raises `OutputError` where the file cannot be used.
    """

    def __init__(self, file: UserFile, clock: Clock, *, session_days: float = 14.0) -> None:
        self.file = file
        self._reading, self._changing = file.reading, file.changing
        self._clock = clock
        self._idle = timedelta(days=session_days)

    @property
    def is_empty(self) -> bool:
        """Whether there is no user yet."""
        with self._reading() as db:
            return db.execute("SELECT 1 FROM users LIMIT 1").fetchone() is None

    def users(self) -> list[User]:
        """Return all users by name."""
        with self._reading() as db:
            rows = db.execute("SELECT name, role, cameras, made_us FROM users ORDER BY name").fetchall()
        return [User(row[0], Role(row[1]), _cameras(row[2]), from_us(row[3])) for row in rows]

    def add_user(self, name: str, password_hash: str, role: Role, cameras: frozenset[str] | None) -> None:
        """Add a user; raises `UsageError` where the name is taken."""
        row = (name, role.value, _text(cameras), password_hash, self._now_us())
        try:
            with self._changing() as db:
                db.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            raise UsageError(f"There is a user {name!r} already; choose another name.") from None

    def set_password(self, name: str, password_hash: str) -> None:
        """Set a password, and end all sessions of its user; raises `UsageError` for one that is not there."""
        with self._changing() as db:
            done = db.execute("UPDATE users SET password = ? WHERE name = ?", (password_hash, name)).rowcount
            db.execute("DELETE FROM sessions WHERE user = ?", (name,))
        _require(done, f"There is no user {name!r}.")

    def set_rights(self, name: str, role: Role, cameras: frozenset[str] | None) -> None:
        """Set what a user may do; raises `UsageError` for the last admin and for one that is not there.

        What a viewer shared while an admin is shared no longer.
        """
        with self._changing() as db:
            values = (role.value, _text(cameras), name)
            done = db.execute("UPDATE users SET role = ?, cameras = ? WHERE name = ?", values).rowcount
            _require(done, f"There is no user {name!r}.")
            _require_admin(db)
            if role is not Role.ADMIN:
                db.execute("DELETE FROM shares WHERE maker = ?", (name,))

    def remove_user(self, name: str) -> None:
        """Remove a user with all sessions and shared links; raises `UsageError` for the last admin, and for
        an unknown name.
        """
        with self._changing() as db:
            db.execute("DELETE FROM shares WHERE maker = ?", (name,))
            done = db.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount
            _require(done, f"There is no user {name!r}.")
            _require_admin(db)

    def password_of(self, name: str) -> str | None:
        """Return the hash of a user's password, None for an unknown name."""
        with self._reading() as db:
            row = db.execute("SELECT password FROM users WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def begin_session(self, user: str, address: str, agent: str) -> str:
        """Begin a session and return its secret, which is nowhere else; sessions that ended are forgotten."""
        secret, now_us = new_secret(), self._now_us()
        row = (hash_of(secret), new_secret(), new_secret(), user, address, agent[:200], now_us, now_us)
        with self._changing() as db:
            db.execute("DELETE FROM sessions WHERE used_us < ? OR made_us < ?", self._ended_us())
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return secret

    def person_of_session(self, secret: str) -> Person | None:
        """Return whose session this is, None for one that has ended or never was."""
        query = (
            "SELECT users.name, role, cameras, id, csrf, used_us FROM sessions JOIN users ON user = name "
            "WHERE hash = ? AND used_us >= ? AND sessions.made_us >= ?"
        )
        with self._reading() as db:
            row = db.execute(query, (hash_of(secret), *self._ended_us())).fetchone()
        if row is None:
            return None
        self._note_use("sessions", hash_of(secret), row[5])
        return Person(row[0], Role(row[1]), _cameras(row[2]), session=row[3], csrf=row[4])

    def sessions(self, user: str | None = None) -> list[Session]:
        """Return the sessions that have not ended, of one user or of all, the last used first."""
        query = (
            "SELECT id, user, address, agent, made_us, used_us FROM sessions "
            "WHERE used_us >= ? AND made_us >= ? AND (? IS NULL OR user = ?) ORDER BY used_us DESC"
        )
        with self._reading() as db:
            rows = db.execute(query, (*self._ended_us(), user, user)).fetchall()
        return [Session(row[0], row[1], row[2], row[3], from_us(row[4]), from_us(row[5])) for row in rows]

    def end_session(self, session_id: str, user: str | None = None) -> bool:
        """End a session, of this user if one is named; return whether there was one."""
        with self._changing() as db:
            query = "DELETE FROM sessions WHERE id = ? AND (? IS NULL OR user = ?)"
            return db.execute(query, (session_id, user, user)).rowcount > 0

    def add_token(self, name: str, role: Role, cameras: frozenset[str] | None) -> str:
        """Add a token and return its secret, which is nowhere else; raises `UsageError` for a taken name."""
        secret = new_secret()
        row = (hash_of(secret), new_secret(), name, role.value, _text(cameras), self._now_us(), None)
        try:
            with self._changing() as db:
                db.execute("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            raise UsageError(f"There is a token {name!r} already; choose another name.") from None
        return secret

    def person_of_token(self, secret: str) -> Person | None:
        """Return what a token allows, None for one that is not there."""
        query = "SELECT name, role, cameras, used_us FROM tokens WHERE hash = ?"
        with self._reading() as db:
            row = db.execute(query, (hash_of(secret),)).fetchone()
        if row is None:
            return None
        self._note_use("tokens", hash_of(secret), row[3])
        return Person(row[0], Role(row[1]), _cameras(row[2]))

    def tokens(self) -> list[Token]:
        """Return all tokens by name."""
        query = "SELECT id, name, role, cameras, made_us, used_us FROM tokens ORDER BY name"
        with self._reading() as db:
            rows = db.execute(query).fetchall()
        return [
            Token(row[0], row[1], Role(row[2]), _cameras(row[3]), from_us(row[4]), from_us(row[5]))
            for row in rows
        ]

    def remove_token(self, token_id: str) -> bool:
        """Remove a token; return whether there was one."""
        with self._changing() as db:
            return db.execute("DELETE FROM tokens WHERE id = ?", (token_id,)).rowcount > 0

    def _note_use(self, table: str, key: str, used_us: int | None) -> None:
        now_us = self._now_us()
        if used_us is None or now_us - used_us >= _USED_S * 1e6:
            with self._changing() as db:
                db.execute(f"UPDATE {table} SET used_us = ? WHERE hash = ?", (now_us, key))

    def _ended_us(self) -> tuple[int, int]:
        """Return before which last use, and before which beginning, a session has ended."""
        now = self._clock.wall()
        return to_us(now - self._idle), to_us(now - LONGEST_SESSION * self._idle)

    def _now_us(self) -> int:
        return to_us(self._clock.wall())


def _require(done: int, sentence: str) -> None:
    if not done:
        raise UsageError(sentence)


def _require_admin(db: sqlite3.Connection) -> None:
    if db.execute("SELECT 1 FROM users WHERE role = ?", (Role.ADMIN.value,)).fetchone() is None:
        raise UsageError("This is the last admin; without one nobody could change anything. Add another.")


def _text(cameras: frozenset[str] | None) -> str | None:
    return None if cameras is None else json.dumps(sorted(cameras))


def _cameras(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))
