"""The thread that writes into the journal: neither a slow card nor a server that is away delays a judge."""

import logging
import threading
from collections import deque
from collections.abc import Sequence

from monitor.outputs.journal.entries import Entry
from monitor.outputs.journal.writer import JournalWriter

log = logging.getLogger(__name__)

MOST_QUEUED = 10_000
"""About 10 MB. At a few entries a second it outlasts a disk that hangs for an hour; the rest is lost."""

CLOSE_S = 30.0
"""A disk that does not answer for so long when the program ends is left to itself."""


class JournalWorker:
    """Stands before a `JournalWriter`: `write` returns at once, from any thread, and the order is kept.

    A crash loses what was handed in within the last commit, milliseconds. Entries that find the queue full
    are counted in `dropped`. `close` writes what is queued and closes the writer too.
    """

    def __init__(self, writer: JournalWriter) -> None:
        self.node = writer.node
        self.run = writer.run
        self.dropped = 0
        self._writer = writer
        self._queue: deque[Entry] = deque()
        self._in_hand = 0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many entries are not in the journal yet."""
        return len(self._queue) + self._in_hand + self._writer.waiting

    @property
    def away(self) -> str | None:
        """Why the journal takes nothing just now, None while it does."""
        return self._writer.away

    def write(self, entries: Sequence[Entry]) -> None:
        """Queue the entries."""
        with self._changed:
            if self._closing:
                raise ValueError("the journal's worker is closed")
            room = max(MOST_QUEUED - len(self._queue), 0)
            self._queue.extend(entries[:room])
            lost = len(entries[room:])
            if lost and not self.dropped:
                log.error("The journal's disk does not answer: entries are lost.")
            self.dropped += lost
            self._changed.notify_all()

    def drain(self, timeout_s: float = CLOSE_S) -> bool:
        """Wait until nothing is queued; False where `timeout_s` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._in_hand, timeout_s)

    def close(self) -> None:
        """Write what is queued, end the thread and close the writer; safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_S)
        if self._thread.is_alive():
            log.error("The journal's disk does not answer; %d entries are lost", len(self._queue))
        else:
            self._writer.close()

    def _run(self) -> None:
        while entries := self._take():
            try:
                self._writer.write(entries)
            except Exception:
                log.exception("%d entries are not written into the journal", len(entries))

    def _take(self) -> list[Entry]:
        """Return all that is queued, once there is something; nothing at the end."""
        with self._changed:
            self._in_hand = 0
            self._changed.notify_all()
            self._changed.wait_for(lambda: bool(self._queue) or self._closing)
            entries = list(self._queue)
            self._queue.clear()
            self._in_hand = len(entries)
            return entries
