"""Which topics were published retained at which broker, to clear those of a camera that is gone.

A broker keeps a retained message for ever. Only what is on record here is ever cleared: another monitor may
use the same broker, and even the same topic above all of its own.
"""

import logging
import threading
from collections.abc import Iterable
from pathlib import Path

from monitor.alerts.keptfile import read_kept, write_kept

log = logging.getLogger(__name__)


class Retained:
    """The record of one output folder, for all channels with a broker; may be used from several threads.

    Every channel claims its topics before the first one begins. Without `file` nothing is remembered.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._claimed: dict[str, set[str]] = {}

    def claim(self, broker: str, topics: Iterable[str]) -> None:
        """Take note that these topics are published at this broker from now on."""
        with self._lock:
            self._claimed.setdefault(broker, set()).update(topics)

    def begin(self, broker: str) -> list[str]:
        """Remember what is claimed, and return what was published before and is claimed by nobody, sorted.

        To be called before the first of it is published.
        """
        with self._lock:
            known = self._read()
            claimed = self._claimed.get(broker, set())
            before = set(known.get(broker, ()))
            self._write({**known, broker: sorted(before | claimed)})
            return sorted(before - claimed)

    def cleared(self, broker: str, topics: Iterable[str]) -> None:
        """Forget topics of which the broker keeps nothing any more."""
        with self._lock:
            known = self._read()
            left = set(known.get(broker, ())) - set(topics)
            self._write({**known, broker: sorted(left)})

    def _read(self) -> dict[str, list[str]]:
        if self._file is None:
            return {}
        try:
            known = read_kept(self._file)
            return {str(broker): [str(topic) for topic in topics] for broker, topics in known.items()}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("%s cannot be read, so topics of cameras that are gone stay: %s", self._file, error)
            return {}

    def _write(self, known: dict[str, list[str]]) -> None:
        if self._file is None:
            return
        try:
            write_kept(self._file, known)
        except OSError as error:
            log.warning(
                "%s: %s; topics of a camera that goes will stay at the broker", self._file, error.strerror
            )
