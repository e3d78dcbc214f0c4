"""What waits between the reading thread and the one consumer."""

from collections import deque

from monitor.frames import Frame, Gap

MOST = 8
"""Frames that may wait: a third of a second at 25 a second bridges a slow one; more would be old news."""


class Mailbox:
    """Frames and gaps in order; where there are `MOST` frames, the oldest makes room and is counted.

    Gaps are never dropped: they are two for each loss of signal, seconds apart. Its user holds a lock.
    """

    def __init__(self) -> None:
        self._items: deque[Frame | Gap] = deque()
        self._frames = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Frame | Gap) -> None:
        """Add the item behind all others."""
        self._items.append(item)
        if isinstance(item, Frame):
            self._frames += 1
            if self._frames > MOST:
                self._drop_oldest_frame()

    def take(self) -> Frame | Gap:
        """Return the oldest item and forget it; IndexError where there is none."""
        item = self._items.popleft()
        self._frames -= isinstance(item, Frame)
        return item

    def _drop_oldest_frame(self) -> None:
        oldest = next(i for i, item in enumerate(self._items) if isinstance(item, Frame))
        del self._items[oldest]
        self._frames -= 1
        self.dropped += 1
