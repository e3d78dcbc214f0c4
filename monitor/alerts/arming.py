"""Whether alerts are armed: by the schedule, and by hand until the schedule next changes."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from monitor.alerts.keptfile import read_kept, write_kept
from monitor.clock import Clock
from monitor.settings.weekly import next_change, parse_span, within

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _ByHand:
    armed: bool
    until: datetime | None


class Arming:
    """Says for each camera whether its alerts are armed; may be used from several threads.

    Without `hours` everything is armed until somebody disarms it. What was set by hand is kept in `file`
    over restarts, where one is given.
    """

    def __init__(
        self, clock: Clock, zone: tzinfo, hours: Sequence[str] = (), file: Path | None = None
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._hours = [parse_span(text) for text in hours]
        self._file = file
        self._lock = threading.Lock()
        self._by_hand = _read(file) if file else {}
        self._listeners: list[Callable[[], None]] = []

    def is_armed(self, source: str) -> bool:
        """Return whether alerts of this camera go out now."""
        now = self._clock.wall()
        with self._lock:
            chosen = self._by_hand.get(source)
        if chosen and (chosen.until is None or now < chosen.until):
            return chosen.armed
        return not self._hours or within(self._hours, now, self._zone)

    def set(self, source: str, armed: bool) -> None:
        """Arm or disarm a camera by hand; it holds until the schedule next changes."""
        until = next_change(self._hours, self._clock.wall(), self._zone)
        with self._lock:
            self._by_hand[source] = _ByHand(armed, until)
            self._write()
        log.info("%s is %s by hand", source, "armed" if armed else "disarmed")
        for changed in self._listeners:
            changed()

    def next_change_s(self) -> float | None:
        """Return the seconds until the schedule changes; None without one."""
        now = self._clock.wall()
        change = next_change(self._hours, now, self._zone)
        return None if change is None else (change - now).total_seconds()

    def on_change(self, changed: Callable[[], None]) -> None:
        """Have `changed` called after every change by hand, from the thread that made it."""
        self._listeners.append(changed)

    def _write(self) -> None:
        if self._file is None:
            return
        chosen = {
            source: {"armed": by_hand.armed, "until": by_hand.until and by_hand.until.isoformat()}
            for source, by_hand in self._by_hand.items()
        }
        try:
            write_kept(self._file, chosen)
        except OSError as error:
            log.error("what was armed by hand is forgotten at a restart: %s: %s", self._file, error.strerror)


def _read(file: Path) -> dict[str, _ByHand]:
    try:
        chosen = read_kept(file)
        return {
            source: _ByHand(
                bool(values["armed"]), values["until"] and datetime.fromisoformat(values["until"])
            )
            for source, values in chosen.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("%s cannot be read, so the schedule decides what is armed: %s", file, error)
        return {}
