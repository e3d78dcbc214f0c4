"""Writes entries into a journal that may be away: what it does not take now waits on disk, in order."""

import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from monitor.clock import Clock
from monitor.errors import MonitorError, OutputError, UsageError
from monitor.outputs.journal.entries import Entry, from_line, to_line
from monitor.outputs.journal.errors import JournalError, JournalRefusedError
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.spool import FOLDER_NAME, Spool, left_spools

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""Time between two tries while the journal is away; each may hold the caller up for some seconds."""

MOST_IN_MEMORY = 10_000
"""Entries kept where even the disk is full: about 10 MB, some hours of a busy camera. The oldest go first."""

_BATCH = 500
"""Entries written in one transaction when the journal is back: short enough to let others in between."""


class JournalWriter:
    """Shared by all sinks of one program, from any thread; never raises because the journal is away.

    `node` names this machine, `run` this run of the program. What earlier runs left waiting is written
    first. `waiting` tells how many entries wait, `dropped` how many were lost where nothing could be
    written at all, `away` since when and why in a sentence, None while all is well.
    """

    def __init__(self, opener: Callable[[], Journal], folder: Path, clock: Clock, node: str) -> None:
        """Try the journal at once: raises `UsageError` where it cannot ever be written, not where it is away.

        `folder` is the output folder. Raises `OutputError` where nothing can be written there.
        """
        self.node = node
        self.run = str(uuid.uuid4())
        self.dropped = 0
        self.away: str | None = None
        self._opener = opener
        self._clock = clock
        self._folder = folder / FOLDER_NAME
        self._lock = threading.Lock()
        self._journal: Journal | None = None
        self._in_memory: deque[Entry] = deque()
        self._next_try_s = clock.monotonic_s()
        self._spool = Spool(self._folder, self.run)
        self._on_disk = 0
        self._caught_up = False
        self._closed = False
        try:
            with self._lock:
                self._catch_up()
        except BaseException:
            self._spool.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    @property
    def waiting(self) -> int:
        """How many entries wait for the journal."""
        return self._on_disk + len(self._in_memory)

    def write(self, entries: Sequence[Entry]) -> None:
        """Write the entries, or let them wait; they are on disk afterwards unless it is full."""
        with self._lock:
            if self._closed:
                raise ValueError("the journal's writer is closed")
            is_due = self._clock.monotonic_s() >= self._next_try_s
            if not ((self.away is None or is_due) and self._catch_up() and self._try(entries)):
                self._keep(entries)

    def close(self) -> None:
        """Try once more and end; what still waits stays on disk for the next run. Safe to call twice."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self.waiting:
                self._catch_up()
            if self.waiting:
                log.warning("%d entries wait for the journal in %s", self.waiting, self._folder)
            self._spool.close()
            if self._journal is not None:
                self._journal.close()

    def _catch_up(self) -> bool:
        """Write what waits, oldest first; return whether nothing waits any more."""
        if self._journal is None and not self._open():
            return False
        if self.away is None and not self.waiting and self._caught_up:
            return True
        for left in left_spools(self._folder):
            if not self._write_lines(left.lines()):
                return False
            left.remove()
        if not (self._write_lines(self._spool.lines()) and self._try(list(self._in_memory))):
            return False
        self._caught_up = True
        if self.away is not None:
            log.warning("the journal is back; %d entries that waited are written", self.waiting)
        self._spool.clear()
        self._in_memory.clear()
        self._on_disk, self.away = 0, None
        return True

    def _open(self) -> bool:
        try:
            self._journal = self._opener()
        except UsageError as error:
            # Found out at the start it ends the program; later on nothing may.
            if self.away is None:
                raise
            self._is_away(error)
        except JournalError as error:
            self._is_away(error)
        return self._journal is not None

    def _write_lines(self, lines: Iterable[str]) -> bool:
        entries = []
        for line in lines:
            try:
                entries.append(from_line(line))
            except ValueError as error:
                self._set_aside(line, str(error))
        return all(self._try(entries[at : at + _BATCH]) for at in range(0, len(entries), _BATCH))

    def _try(self, entries: Sequence[Entry]) -> bool:
        """Return whether the journal has taken the entries, or will never take them."""
        assert self._journal is not None
        if not entries:
            return True
        try:
            self._journal.write(entries)
        except JournalRefusedError as error:
            if len(entries) > 1:
                return all(self._try([entry]) for entry in entries)
            self._set_aside(to_line(entries[0]), str(error))
        except JournalError as error:
            self._is_away(error)
            return False
        return True

    def _is_away(self, error: MonitorError) -> None:
        self._next_try_s = self._clock.monotonic_s() + RETRY_S
        if self.away is None:
            log.warning("%s What is to be written waits in %s.", error, self._folder)
        self.away = str(error)

    def _keep(self, entries: Sequence[Entry]) -> None:
        self._in_memory.extend(entries)
        try:
            self._spool.append([to_line(entry) for entry in self._in_memory])
        except OutputError as error:
            log.debug("%s", error)
        else:
            self._on_disk += len(self._in_memory)
            self._in_memory.clear()
        while len(self._in_memory) > MOST_IN_MEMORY:
            self._in_memory.popleft()
            self.dropped += 1
            if self.dropped == 1:
                log.error("The journal is away and the disk is full: entries are lost. Free some space.")

    def _set_aside(self, line: str, reason: str) -> None:
        """Keep what the journal will never take where it stops nothing."""
        path = self._folder / "refused.txt"
        log.error("An entry is set aside in %s: %s", path, reason)
        with suppress(OSError), path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
