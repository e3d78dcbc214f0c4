"""What the sizes of packets say of a picture that nobody has decoded.

A still picture costs a coder little, and always about the same; something that moves costs more. The same
running μ ± kσ that the background model keeps of a pixel is kept here of the logarithm of packet sizes, by
the kind of picture, and of its mean over short and longer spans: a passer-by makes every packet a little
larger, which no single packet shows. Where a rate control or swaying trees decide about the sizes σ is wide,
and `least_growth` says so.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from statistics import median

_WINDOWS_S = (0.6, 3.0)
"""Spans over which deviations are averaged: the first for what crosses the picture, the second for what is
small or slow. Both are shorter than the time for which anything worth an event is in view."""

_LEARNING_S = 60.0
"""Time constant of μ and σ: light and noise of a place drift over minutes, what passes is gone before."""

_SLOWDOWN = 20.0
"""What stands out is learnt so many times slower, or a busy street would become the quiet one."""

_WARM_UP_S = 15.0
_FEWEST = 12
"""Nothing is judged before: a median of a dozen packets of a kind, and of fifteen seconds of means, holds."""

_MAD_TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""

_LEAST_LOG_SIGMA = 0.02
_LEAST_MEAN_SIGMA = 0.1
"""Floors under σ, in units of ln(bytes) and of σ: a coder that skips a still picture writes packets that are
equal to the byte, and then nothing but this would be a deviation."""

_CLIP_SIGMA = 6.0
"""One packet counts for no more in a mean: a light that is switched costs one enormous packet."""

_LONE_SIGMA = 3.0
"""One packet this many times further out than k σ stands out by itself."""

_INNOVATION_SIGMA = 3.0
"""A step is clipped to this many σ before it enters σ (Huber's ψ), as in the background model."""


class PacketKind(IntEnum):
    """The kinds of coded pictures: what a picture is predicted from decides about its size.

    KEY from nothing, FORWARD from what is shown before it, BETWEEN also from what is shown after it, and
    from DISPOSABLE nothing else is.
    """

    KEY = 0
    FORWARD = 1
    BETWEEN = 2
    DISPOSABLE = 3


def kind_of(*, is_key: bool, is_disposable: bool, time_s: float, newest_s: float) -> PacketKind:
    """Return the kind of a packet; `newest_s` is the latest time of presentation among those before it.

    What is shown earlier than something that came before it is predicted from both sides.
    """
    if is_key:
        return PacketKind.KEY
    if is_disposable:
        return PacketKind.DISPOSABLE
    return PacketKind.FORWARD if time_s > newest_s else PacketKind.BETWEEN


@dataclass(frozen=True, slots=True)
class CodedSize:
    """The size of one packet: `time_s` is that of presentation, in seconds of the source."""

    size_bytes: int
    kind: PacketKind
    time_s: float


@dataclass(frozen=True, slots=True)
class PacketScore:
    """How far a packet is from what is usual, in σ.

    `alone` is its own distance, `together` that of the mean over the span that deviates most, both signed;
    None while that is being learnt. `stands_out` judges both, and `span_s` is how far back it reaches.
    """

    alone: float | None
    together: float | None
    stands_out: bool
    span_s: float


class PacketJudge:
    """Judges the packets of one stream in the order in which they come; not for more than one thread."""

    def __init__(self, k_sigma: float = 4.0) -> None:
        self._k = k_sigma
        self._kinds: dict[PacketKind, _Running] = {}
        self._windows = tuple(_Window(span_s) for span_s in _WINDOWS_S)
        self._out = False
        self._newest_s = -math.inf

    def prime(self, sizes: Iterable[CodedSize]) -> None:
        """Learn what is usual from packets of the same stream, so that the first one is judged already.

        What happens in less than half of them does no harm.
        """
        sizes = list(sizes)
        self._kinds = {}
        for kind in PacketKind:
            logs = [math.log(max(size.size_bytes, 1)) for size in sizes if size.kind == kind]
            if len(logs) >= _FEWEST:
                self._kinds[kind] = _Running.of(logs, _LEAST_LOG_SIGMA)
        for window in self._windows:
            window.prime([(size.time_s, z) for size in sizes if (z := self._alone(size)) is not None])

    def update(self, size: CodedSize) -> PacketScore:
        """Judge the next packet, then learn from it."""
        self._newest_s = max(self._newest_s, size.time_s)
        running = self._kinds.get(size.kind)
        if running is None:
            running = self._kinds[size.kind] = _Running(_LEAST_LOG_SIGMA, _FEWEST, 0.0)
        log = math.log(max(size.size_bytes, 1))
        alone = running.distance(log)
        means = self._means(alone)
        together = max((mean for mean in means if mean is not None), key=abs, default=None)
        lone = alone is not None and abs(alone) > _LONE_SIGMA * self._k
        self._out = lone or (together is not None and abs(together) > self._k)
        running.learn(log, self._newest_s, slow=self._out)
        spans = [w.span_s for w, mean in zip(self._windows, means, strict=True) if _beyond(mean, self._k)]
        return PacketScore(alone, together, self._out, max(spans, default=0.0))

    @property
    def least_growth(self) -> float | None:
        """By what share packets must grow over the longer span to stand out; None while it is not known.

        0.1 is a telling stream; 1 is one in which only a crowd would show.
        """
        sigma = self._windows[-1].sigma
        logs = [running.sigma for kind, running in self._kinds.items() if kind != PacketKind.KEY]
        spread = [log for log in logs if log is not None]
        if sigma is None or not spread:
            return None
        return math.expm1(min(self._k * sigma * median(spread), 20.0))

    def _alone(self, size: CodedSize) -> float | None:
        running = self._kinds.get(size.kind)
        return None if running is None else running.distance(math.log(max(size.size_bytes, 1)))

    def _means(self, alone: float | None) -> list[float | None]:
        if alone is None:
            return [None for _ in self._windows]
        return [window.update(alone, self._newest_s, slow=self._out) for window in self._windows]


class _Running:
    """μ and σ of one quantity, slow where it stands out; learnt from its first `fewest` values."""

    def __init__(self, floor: float, fewest: int, warm_up_s: float) -> None:
        self._floor = floor
        self._fewest = fewest
        self._warm_up_s = warm_up_s
        self._first: list[float] = []
        self._began_s: float | None = None
        self._last_s: float | None = None
        self._mean: float | None = None
        self._variance = 0.0

    @classmethod
    def of(cls, values: list[float], floor: float) -> "_Running":
        """Return what these values teach."""
        running = cls(floor, 1, 0.0)
        running._start(values)
        return running

    @property
    def sigma(self) -> float | None:
        """σ, never below the floor; None before there is one."""
        return None if self._mean is None else math.sqrt(self._variance)

    def distance(self, value: float) -> float | None:
        """Return how far a value is from μ, in σ; None before there is one."""
        return None if self._mean is None else (value - self._mean) / math.sqrt(self._variance)

    def learn(self, value: float, time_s: float, *, slow: bool) -> None:
        """Take the value in; what is below μ is learnt at once, for that is where quiet is."""
        if self._mean is None:
            self._gather(value, time_s)
            return
        elapsed_s = 0.0 if self._last_s is None else min(max(time_s - self._last_s, 0.0), _LEARNING_S)
        self._last_s = time_s
        share = elapsed_s / (_LEARNING_S + elapsed_s)
        step = value - self._mean
        if slow and step > 0:
            share /= _SLOWDOWN
        limit = _INNOVATION_SIGMA * math.sqrt(self._variance)
        step = min(max(step, -limit), limit)
        self._mean += share * step
        self._variance = max(self._variance + share * (step * step - self._variance), self._floor**2)

    def _gather(self, value: float, time_s: float) -> None:
        self._began_s = time_s if self._began_s is None else self._began_s
        self._first.append(value)
        if len(self._first) >= self._fewest and time_s - self._began_s >= self._warm_up_s:
            self._start(self._first)
            self._first = []

    def _start(self, values: list[float]) -> None:
        self._mean = median(values)
        deviation = median(abs(value - self._mean) for value in values) * _MAD_TO_SIGMA
        self._variance = max(deviation, self._floor) ** 2


class _Window:
    """The mean of the deviations over the last `span_s`, and what is usual of it."""

    def __init__(self, span_s: float) -> None:
        self.span_s = span_s
        self._held: deque[tuple[float, float]] = deque()
        self._sum = 0.0
        self._usual = _Running(_LEAST_MEAN_SIGMA, _FEWEST, _WARM_UP_S)

    @property
    def sigma(self) -> float | None:
        """The usual σ of the mean, in σ of single packets."""
        return self._usual.sigma

    def prime(self, deviations: list[tuple[float, float]]) -> None:
        """Learn what means are usual."""
        means = [self._push(deviation, time_s) for time_s, deviation in deviations]
        self._held.clear()
        self._sum = 0.0
        if len(means) >= _FEWEST:
            self._usual = _Running.of(means, _LEAST_MEAN_SIGMA)

    def update(self, deviation: float, time_s: float, *, slow: bool) -> float | None:
        """Return how unusual the mean with this deviation is, in its σ, and learn it."""
        mean = self._push(deviation, time_s)
        distance = self._usual.distance(mean)
        self._usual.learn(mean, time_s, slow=slow)
        return distance

    def _push(self, deviation: float, time_s: float) -> float:
        clipped = min(max(deviation, -_CLIP_SIGMA), _CLIP_SIGMA)
        self._held.append((time_s, clipped))
        self._sum += clipped
        while time_s - self._held[0][0] > self.span_s:
            self._sum -= self._held.popleft()[1]
        return self._sum / len(self._held)


def _beyond(distance: float | None, k: float) -> bool:
    return distance is not None and abs(distance) > k
