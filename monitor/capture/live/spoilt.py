"""Which pictures of a stream may be spoilt: what follows damage or loss, up to the next whole key picture."""

from collections import deque
from statistics import median

LONGEST_S = 10.0
"""Cameras send a key picture at least this often; where none is whole for so long, the connection is of no
use, and a new one begins with one."""


_FEWEST = 20
_LAST = 60
_STEADY_SHARE = 0.9
"""Where nine of ten of the last steps are equal a longer one is a picture that was lost; a camera that skips
pictures by itself does so more often."""

_EQUAL = 0.25
_LONGER = 1.6
"""Steps are equal within a quarter: cameras stamp pictures when they are read out. A lost one doubles it."""


class Spoilt:
    """Follows the pictures of one connection; a decoder marks the damaged one alone, not those made from it.

    With `may_lose` whole pictures may go astray unseen (UDP): a hole in steady times then tells of them.
    """

    def __init__(self, *, may_lose: bool = False) -> None:
        self._rhythm = _Rhythm() if may_lose else None
        self._since_s: float | None = None
        self._damaged_packets = 0

    def take(self, time_s: float, *, is_corrupt: bool, is_key: bool, damaged_packets: int) -> bool:
        """Return whether the next picture may be spoilt.

        `is_corrupt` is the decoder's own mark, `damaged_packets` how many could not be decoded so far.
        """
        is_hurt = is_corrupt or damaged_packets > self._damaged_packets
        is_hurt |= self._rhythm is not None and self._rhythm.is_broken(time_s)
        self._damaged_packets = damaged_packets
        if is_key and not is_corrupt:
            self._since_s = None
        elif is_hurt and self._since_s is None:
            self._since_s = time_s
        return self._since_s is not None

    def lasted_s(self, time_s: float) -> float:
        """Return for how long no picture has been whole, 0 where the last one was."""
        return 0.0 if self._since_s is None else time_s - self._since_s


class _Rhythm:
    """The steps between pictures."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._steps_s: deque[float] = deque(maxlen=_LAST)

    def is_broken(self, time_s: float) -> bool:
        """Return whether something lacks before the next picture."""
        last_s, self._last_s = self._last_s, time_s
        if last_s is None:
            return False
        step_s, known_s = time_s - last_s, list(self._steps_s)
        self._steps_s.append(step_s)
        if len(known_s) < _FEWEST:
            return False
        usual_s = median(known_s)
        equal = sum(abs(known - usual_s) <= _EQUAL * usual_s for known in known_s)
        return equal >= _STEADY_SHARE * len(known_s) and step_s > _LONGER * usual_s
