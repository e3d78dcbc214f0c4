"""Two videos of one scene compared picture by picture."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from monitor.capture.opening import Input, open_source
from monitor.capture.source import RecordedSource
from monitor.comparing.faults import Fault, FaultFinder, Faulty
from monitor.comparing.images import compare_images
from monitor.comparing.judging import judge
from monitor.comparing.limits import Limit
from monitor.comparing.options import Options
from monitor.comparing.spans import Moment, Row, Span, SpanFinder
from monitor.comparing.sync import Signatures, signatures, synchronised
from monitor.comparing.timeline import Match, is_one_rate, matched_by_plan, matched_by_time
from monitor.errors import SourceError, UsageError

USUAL_HZ = 25.0
"""Taken where a container states no rate."""


_LEAST_ALONE = 0.01
"""Share of the picture from which a difference in one picture alone counts."""


class VideoComparison:
    """Iterated once, for each pair of pictures; what was found so far is in its attributes.

    `offset_s` is added to B's times: with `sync` it is found from what both show. `length_s` is how long A
    lasts, None where unknown. Raises `UsageError` where the videos cannot be read or compared.
    """

    def __init__(
        self, a: Path, b: Path, options: Options, limits: tuple[Limit, ...] = (), *, sync: bool = False
    ) -> None:
        self._paths = a, b
        # Whether the camera was pushed is not asked for every picture anew.
        self._options = replace(options, notice_shift=False, coded=True)
        self._limits = limits
        self._sync = sync
        self._finder = SpanFinder()
        self.rows: list[Row] = []
        self.spans: list[Span] = []
        self.faults: list[Faulty] = []
        self.limits_passed: set[str] = set()
        self.notes: list[str] = []
        self.offset_s = 0.0
        self.length_s: float | None = None

    def __iter__(self) -> Iterator[Moment]:
        faults = FaultFinder()
        with ExitStack() as stack:
            for match in self._matches(stack):
                self.faults += faults.add(match)
                if match.a is not None and match.b is not None:
                    yield self._compared(match)
        self.faults += faults.close()

    def close(self) -> None:
        """End the span that was going on; what only one video shows at its start or end is told."""
        self._keep(self._finder.close())
        if not self.rows:
            return
        ends = [fault for fault in self.faults if self._is_at_end(fault)]
        self.notes += _ends_told(ends, self.rows[0].time_s, self.rows[-1].time_s)
        if self._sync:  # which begins and ends first is no fault of recordings that were laid on each other
            self.faults = [fault for fault in self.faults if fault not in ends]

    def _keep(self, span: Span | None) -> None:
        """Keep a span; a single picture with little in it is what a codec left where something moved fast."""
        if span is None:
            return
        area = sum(box.width * box.height for box in span.boxes)
        if self._limits or span.frames > 1 or not span.boxes or area >= _LEAST_ALONE:
            self.spans.append(span)
            return
        for number in range(len(self.rows) - 1, -1, -1):
            if self.rows[number].time_s <= span.start_s:
                self.rows[number] = replace(self.rows[number], different=False)
                return

    def _is_at_end(self, fault: Faulty) -> bool:
        inside = self.rows[0].time_s <= fault.time_s <= self.rows[-1].time_s
        return fault.kind is Fault.DROPPED and not inside

    @property
    def different(self) -> bool:
        """Whether a picture differs or is faulty; where limits are set, whether one of them is passed."""
        if self._limits:
            return bool(self.limits_passed)
        return bool(self.spans or self.faults or self._finder.current)

    def _compared(self, match: Match) -> Moment:
        assert match.a is not None
        assert match.b is not None
        judged = judge(compare_images(match.a.bgr(), match.b.bgr(), self._options), self._limits)
        self.limits_passed |= set(judged.passed)
        found = judged.found
        row = Row(match.time_s, match.a.index, match.b.index, judged.different, found.boxes, found.measures)
        self.rows.append(row)
        self._keep(self._finder.add(match.time_s, judged))
        return Moment(match.time_s, judged, self._finder.is_peak)

    def _matches(self, stack: ExitStack) -> Iterator[Match]:
        a, b = (_entered(path, stack) for path in self._paths)
        self.length_s = a.info.duration_s
        rates_hz = a.info.rate_hz or USUAL_HZ, b.info.rate_hz or USUAL_HZ
        if not self._sync:
            return matched_by_time(a, b, rates_hz, 0.0)
        return self._synchronised(a, b, rates_hz)

    def _synchronised(
        self, a: RecordedSource, b: RecordedSource, rates_hz: tuple[float, float]
    ) -> Iterator[Match]:
        both = [_signatures(path) for path in self._paths]
        slow_hz = min(rates_hz)
        thin = [_thinned(side, rate_hz, slow_hz) for side, rate_hz in zip(both, rates_hz, strict=True)]
        sync = synchronised(*thin)
        self.offset_s = sync.lag / slow_hz
        if not sync.is_found:
            self.notes.append(
                "too little moves alike in both to lay one on the other (correlation "
                f"{sync.correlation:.2f}): times are taken as they are"
            )
            return matched_by_time(a, b, rates_hz, 0.0)
        if is_one_rate(rates_hz):
            return matched_by_plan(a, b, sync.plan, self.offset_s)
        return matched_by_time(a, b, rates_hz, self.offset_s)


def _entered(path: Path, stack: ExitStack) -> RecordedSource:
    try:
        return stack.enter_context(open_source(Input(str(path))))
    except SourceError as error:  # a file that a call names is the caller's to choose
        raise UsageError(str(error)) from None


def _signatures(path: Path) -> Signatures:
    with ExitStack() as stack:
        return signatures(_entered(path, stack))


def _thinned(side: Signatures, rate_hz: float, wanted_hz: float) -> Signatures:
    """Return signatures as at a lower rate."""
    step = rate_hz / wanted_hz
    if is_one_rate((rate_hz, wanted_hz)):
        return side
    places = np.arange(int(len(side) / step)) * step
    return np.asarray(side[np.rint(places).astype(int)], np.float32)


def _ends_told(ends: list[Faulty], first_s: float, last_s: float) -> Iterator[str]:
    """Yield by how long one video goes on alone, before the first pair or after the last."""
    for name, side in (("A", "b"), ("B", "a")):
        alone = [fault.time_s for fault in ends if fault.side == side]
        if alone and alone[0] < first_s:
            yield f"{name} begins {first_s - alone[0]:.2f} s earlier"
        if alone and alone[-1] > last_s:
            yield f"{name} ends {alone[-1] - last_s:.2f} s later"
