"""Links that show one event to whoever has them, for a time: signed, and taken back at once."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from monitor.clock import Clock
from monitor.outputs.journal.moments import from_us, to_us
from monitor.web.security.secrets import is_same
from monitor.web.userfile import UserFile

LONGEST = timedelta(days=90)
"""A link that is found in a mailbox years later shows nothing any more."""

_KEY = "shares"
_KEY_BYTES = 32
_ID_BYTES = 12

_LONGEST_TOKEN = 300
"""A link made here has some hundred letters."""


@dataclass(frozen=True, slots=True)
class Share:
    """A link: the event that it shows, who made it, and until when it works."""

    id: str
    event: str
    maker: str
    made: datetime
    ends: datetime


class Shares:
    """The links of this machine. May be used from several threads.

    A link is `EVENT.END.ID.SIGNATURE`, signed with a key of this file by HMAC-SHA256 (RFC 2104): one that
    was made up is refused before anything is looked up, and none opens another event or lasts longer than it
    says.
    """

    def __init__(self, file: UserFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    def add(self, event: str, maker: str, lasts: timedelta) -> tuple[Share, str]:
        """Make a link to an event; return it with its token, which is nowhere else."""
        now = self._clock.wall()
        ends = from_us(to_us(now + min(lasts, LONGEST)) // 1_000_000 * 1_000_000)
        share = Share(secrets.token_urlsafe(_ID_BYTES), event, maker, now, ends)
        with self._file.changing() as db:
            db.execute("DELETE FROM shares WHERE ends_us < ?", (to_us(now - LONGEST),))
            row = (share.id, event, maker, to_us(now), to_us(ends))
            db.execute("INSERT INTO shares VALUES (?, ?, ?, ?, ?)", row)
        told = f"{event}.{to_us(ends) // 1_000_000}.{share.id}"
        return share, f"{told}.{self._signature(told)}"

    def event_of(self, token: str) -> str | None:
        """Return the event that a link shows; None for one made up, at its end, or taken back."""
        told, _, signature = token.rpartition(".")
        if (
            len(token) > _LONGEST_TOKEN
            or not token.isascii()
            or not is_same(signature, self._signature(told))
        ):
            return None
        event, _, share_id = told.split(".")
        if self._clock.wall() >= ends_of(token):
            return None
        with self._file.reading() as db:
            is_there = db.execute("SELECT 1 FROM shares WHERE id = ?", (share_id,)).fetchone() is not None
        return event if is_there else None

    def all(self) -> list[Share]:
        """Return the links that still work, the newest first."""
        query = (
            "SELECT id, event, maker, made_us, ends_us FROM shares WHERE ends_us > ? ORDER BY made_us DESC"
        )
        with self._file.reading() as db:
            rows = db.execute(query, (to_us(self._clock.wall()),)).fetchall()
        return [Share(row[0], row[1], row[2], from_us(row[3]), from_us(row[4])) for row in rows]

    def end(self, share_id: str) -> Share | None:
        """Take a link back and return it, None where there is none."""
        with self._file.changing() as db:
            query = "DELETE FROM shares WHERE id = ? RETURNING id, event, maker, made_us, ends_us"
            row = db.execute(query, (share_id,)).fetchone()
        return None if row is None else Share(row[0], row[1], row[2], from_us(row[3]), from_us(row[4]))

    def _signature(self, told: str) -> str:
        return hmac.digest(self._key, told.encode(), "sha256").hex()

    @cached_property
    def _key(self) -> bytes:
        """The key, made when it is first needed."""
        with self._file.changing() as db:
            made = (_KEY, secrets.token_bytes(_KEY_BYTES))
            db.execute("INSERT INTO keys VALUES (?, ?) ON CONFLICT DO NOTHING", made)
            row = db.execute("SELECT secret FROM keys WHERE name = ?", (_KEY,)).fetchone()
        return bytes(row[0])


def ends_of(token: str) -> datetime:
    """Return when a link ends whose signature was found to be right."""
    return from_us(int(token.split(".")[1]) * 1_000_000)
