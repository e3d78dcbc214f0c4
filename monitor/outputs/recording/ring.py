"""The last seconds of a live source as coded pictures, ready for the clip of an event that has just begun."""

import threading
from collections import deque
from collections.abc import Callable

from monitor.capture.coded import CodedPicture
from monitor.outputs.video import ROUNDING_S


class CodedRing:
    """The last pictures, at least `span_s` seconds where `max_bytes` hold so many; safe from any thread.

    It always begins with a key picture: a group of pictures is kept or dropped as a whole, so that it may
    hold up to one group more than `span_s`. A single group above `max_bytes` is dropped, and the ring stays
    empty up to the next key picture. A change of format empties it. `tell` is handed one sentence, once,
    when the source's groups make the pre-roll longer, and once when they make it shorter.
    """

    def __init__(self, span_s: float, max_bytes: int, tell: Callable[[str], None] | None = None) -> None:
        self._span_s = span_s
        self._max_bytes = max_bytes
        self._tell = tell
        self._groups: deque[list[CodedPicture]] = deque()
        self._bytes = 0
        self._told: set[str] = set()
        self._lock = threading.Lock()

    def add(self, picture: CodedPicture) -> None:
        """Keep a picture; those before the first key picture of a format are let go."""
        with self._lock:
            if self._groups and picture.format != self._groups[0][0].format:
                self._clear()
            if picture.is_key:
                self._groups.append([])
            elif not self._groups:
                return
            self._groups[-1].append(picture)
            self._bytes += len(picture.data)
            self._trim(picture.time_s)

    def since(self, time_s: float) -> list[CodedPicture]:
        """Return the pictures from the last key picture shown at or before `time_s` on, or all."""
        with self._lock:
            begin = 0
            for number, group in enumerate(self._groups):
                if group[0].time_s <= time_s + ROUNDING_S:
                    begin = number
            return [picture for group in list(self._groups)[begin:] for picture in group]

    @property
    def size_bytes(self) -> int:
        """How many bytes of coded pictures are kept."""
        return self._bytes

    def _trim(self, newest_s: float) -> None:
        group_s = newest_s - self._groups[-1][0].time_s
        if group_s > self._span_s:
            self._say("longer", "it begins with one of them, for decoding can begin there only")
        while len(self._groups) > 1 and self._groups[1][0].time_s <= newest_s - self._span_s:
            self._drop()
        while self._bytes > self._max_bytes:
            self._drop()
        if not self._groups:
            limit = f"its {self._max_bytes / 1e6:.0f} MB do not hold the {group_s:.0f} s between two of them"
            self._say("shorter", limit)

    def _drop(self) -> None:
        self._bytes -= sum(len(picture.data) for picture in self._groups.popleft())

    def _clear(self) -> None:
        self._groups.clear()
        self._bytes = 0

    def _say(self, what: str, why: str) -> None:
        if self._tell is not None and what not in self._told:
            self._told.add(what)
            self._tell(
                f"The camera sends key pictures more than {self._span_s:.0f} s apart: the pre-roll of clips "
                f"is {what} than set: {why}. A shorter key frame interval in the camera's settings mends it."
            )
