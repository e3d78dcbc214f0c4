"""A look at key frames: is there something in the picture that is not there most of the time?"""

import math
from collections import deque
from collections.abc import Callable, Iterator

from monitor.analysis.analyser import Analyser
from monitor.analysis.scores import Scores
from monitor.frames import Frame

TOGETHER = 12
_STEP = 8
"""So many key frames, two minutes of them, give the median with which each of them is compared: enough to
drop what stands in fewer than half of them, and short enough that shadows stay where they are. The last four
are looked at again among the next eight: what was left in between is then in most of them, and it is missed
in the four."""

_STRUCTURE = 0.6
_SHARPNESS = 0.75
"""Below this share of the learnt edges, or of their strength, the camera itself may be covered, turned or out
of focus: the limits above which the judge asks for nothing."""

_LIGHT_SHARE = 0.5
"""A change of the light of half of what would be an event, in its logarithm: what it was like in between two
looks is not known."""


class KeyLooks:
    """Compares key frames with their neighbours in time.

    `take` them in order and then `finish`; both return the times of those that show something, each some
    looks after it was taken and perhaps twice. `new_analyser` gives the engine that analyses spans as well.
    """

    def __init__(self, new_analyser: Callable[[], Analyser], light_ratio: float) -> None:
        self._new_analyser = new_analyser
        self._light_limit = _LIGHT_SHARE * math.log(light_ratio)
        self._frames: deque[Frame] = deque(maxlen=TOGETHER)
        self._fresh = 0

    def take(self, frame: Frame) -> list[float]:
        """Take the next key frame."""
        self._frames.append(frame)
        self._fresh += 1
        if self._fresh < _STEP or len(self._frames) < TOGETHER:
            return []
        return self.finish()

    def finish(self) -> list[float]:
        """Look at the last ones, together with some before them, so that there are enough for a median."""
        if not self._fresh:
            return []
        self._fresh = 0
        return list(self._showing())

    def _showing(self) -> Iterator[float]:
        analyser = self._new_analyser()
        analyser.prime(self._frames)
        before: Scores | None = None
        for frame in self._frames:
            scores = analyser.update(frame)
            if analyser.mask.any() or self._is_another_view(scores, before):
                yield frame.time_s
            before = scores
            analyser.interrupt()

    def _is_another_view(self, scores: Scores, before: Scores | None) -> bool:
        if scores.corrupt or scores.accepted:
            return True
        if scores.structure is not None and scores.structure < _STRUCTURE:
            return True
        if scores.sharpness is not None and scores.sharpness < _SHARPNESS:
            return True
        return before is not None and abs(math.log(scores.gain / before.gain)) > self._light_limit
