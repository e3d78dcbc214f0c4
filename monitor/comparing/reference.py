"""Every picture of a source compared with one reference image."""

from collections import deque
from dataclasses import replace

from monitor.comparing.images import compare_images
from monitor.comparing.judging import judge
from monitor.comparing.limits import Limit
from monitor.comparing.options import Options
from monitor.comparing.planes import Picture
from monitor.comparing.spans import Moment, Row, Span, SpanFinder
from monitor.frames import Frame, Gap

MOST_ROWS = 100_000
"""Pictures of which the measures are kept, 14 hours at two a second; spans are kept all."""


class ReferenceComparison:
    """Is told of frames and gaps in turn; what was found so far is in its attributes.

    `reference` is uint8, grey (H, W) or blue green red (H, W, 3). `current` is the span that is going on.
    """

    def __init__(self, reference: Picture, options: Options, limits: tuple[Limit, ...] = ()) -> None:
        self._reference = reference
        self._options = replace(options, coded=True)
        self._limits = limits
        self._finder = SpanFinder()
        self.rows: deque[Row] = deque(maxlen=MOST_ROWS)
        self.spans: list[Span] = []
        self.gaps: list[Gap] = []
        self.limits_passed: set[str] = set()
        self.notes: tuple[str, ...] = ()
        self.compared = 0

    def add(self, frame: Frame) -> Moment:
        """Compare a picture; raises `UsageError` where it cannot be compared."""
        found = compare_images(self._reference, frame.bgr(), self._options)
        if not self.compared:
            # Whether the camera was pushed since the reference is told of the first picture.
            self.notes = found.notes
            self._options = replace(self._options, notice_shift=False)
        self.compared += 1
        judged = judge(found, self._limits)
        self.limits_passed |= set(judged.passed)
        self.rows.append(Row(frame.time_s, None, frame.index, judged.different, found.boxes, found.measures))
        self._keep(self._finder.add(frame.time_s, judged))
        return Moment(frame.time_s, judged, self._finder.is_peak)

    def gap(self, gap: Gap) -> None:
        """Take that there was no picture: a span that was going on ends."""
        self.close()
        if gap.end_s is not None:
            self.gaps.append(gap)

    def close(self) -> None:
        """End the span that was going on."""
        self._keep(self._finder.close())

    @property
    def current(self) -> Span | None:
        """The span that is going on."""
        return self._finder.current

    @property
    def different(self) -> bool:
        """Whether a picture differs, or passes one of the limits where these are set."""
        return bool(self.spans or self.current)

    def _keep(self, span: Span | None) -> None:
        if span is not None:
            self.spans.append(span)
