"""Reads a source in a thread of its own, so that decoding and analysis overlap."""

import threading
from collections.abc import Iterable, Iterator
from queue import Full, Queue
from typing import Self

from monitor.frames import Frame

AHEAD = 3
"""Frames that may wait: enough to bridge a slow one, as twice as many were no faster and took 20 MB more of
1080p; of 4K they hold 40 MB."""

_LOOK_S = 0.1
"""How often a reader that cannot go on looks whether it is still wanted."""


class _End:
    """The last thing in the queue: nothing more comes, or the error that ended it."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Reader:
    """Hands on the frames of a recording in order and loses none: where the reader is ahead, it waits.

    A context manager that owns its thread: leaving it stops the thread and joins it. What the source raises
    is raised to whoever iterates, after the frames that came before. To be iterated once.
    """

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames = frames
        self._queue: Queue[Frame | _End] = Queue(maxsize=AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="reader", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._stop.set()
        self._thread.join()

    def __iter__(self) -> Iterator[Frame]:
        while True:
            item = self._queue.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    def _read(self) -> None:
        end = _End()
        try:
            for frame in self._frames:
                if not self._hand_on(frame):
                    return
        except BaseException as error:  # it belongs to the thread that iterates
            end = _End(error)
        self._hand_on(end)

    def _hand_on(self, item: Frame | _End) -> bool:
        """Wait until there is room; return whether the item is still wanted."""
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_S)
            except Full:
                continue
            return True
        return False
