"""Hysteresis in seconds: a condition opens and closes something only when it lasts."""

from enum import StrEnum


class Turn(StrEnum):
    """What one look at the condition brought about."""

    NONE = "none"
    OPENED = "opened"
    CLOSED = "closed"


class Gate:
    """Opens when a condition has held for `open_after_s`, closes when it has not for `close_after_s`.

    `since_s` is when the condition that opened it began to hold, `until_s` when it was last seen to hold;
    both None before. A look must not be earlier than the one before.
    """

    def __init__(self, *, open_after_s: float, close_after_s: float) -> None:
        self._open_after_s = open_after_s
        self._close_after_s = close_after_s
        self.is_open = False
        self.since_s: float | None = None
        self.until_s: float | None = None

    def look(self, holds: bool, time_s: float) -> Turn:
        """Take one look at the condition."""
        if holds:
            return self._held(time_s)
        return self._not_held(time_s)

    def _held(self, time_s: float) -> Turn:
        if self.since_s is None:
            self.since_s = time_s
        self.until_s = time_s
        if self.is_open or time_s - self.since_s < self._open_after_s:
            return Turn.NONE
        self.is_open = True
        return Turn.OPENED

    def _not_held(self, time_s: float) -> Turn:
        if not self.is_open:
            self.since_s = None
            return Turn.NONE
        if self.until_s is not None and time_s - self.until_s < self._close_after_s:
            return Turn.NONE
        self.is_open = False
        self.since_s = None
        return Turn.CLOSED
