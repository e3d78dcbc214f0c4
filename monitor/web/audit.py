"""Who changed what on the page, line by line."""

from dataclasses import dataclass
from datetime import datetime

from monitor.clock import Clock
from monitor.outputs.journal.moments import from_us, to_us
from monitor.web.security.roles import Person
from monitor.web.userfile import UserFile

MOST = 10_000
"""Lines that are kept, years of a home and months of a firm; the oldest go first."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Somebody did something."""

    at: datetime
    who: str
    what: str


class Audit:
    """The lines. May be used from several threads."""

    def __init__(self, file: UserFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    def note(self, person: Person, what: str) -> None:
        """Add a line: what was done, without secrets."""
        with self._file.changing() as db:
            row = (to_us(self._clock.wall()), person.name, what)
            number = db.execute("INSERT INTO audit (at_us, who, what) VALUES (?, ?, ?)", row).lastrowid
            db.execute("DELETE FROM audit WHERE number <= ?", ((number or 0) - MOST,))

    def newest(self, limit: int) -> list[AuditLine]:
        """Return lines, the newest first."""
        with self._file.reading() as db:
            query = "SELECT at_us, who, what FROM audit ORDER BY number DESC LIMIT ?"
            rows = db.execute(query, (limit,)).fetchall()
        return [AuditLine(from_us(row[0]), row[1], row[2]) for row in rows]
