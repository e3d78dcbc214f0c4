"""A look ahead: pictures from the first part of a recording, from which its background is learnt."""

from collections.abc import Iterator

from monitor.capture.opening import Input, open_source
from monitor.frames import Frame

MOST = 40
"""A median of 40 pictures is as good as one of more."""

_KEY_FRAMES_SPAN = 6.0
"""Key frames are taken from a span this many times longer: they cost a tenth of what lies between them."""


def key_frames(item: Input, span_s: float, begin_s: float = 0.0) -> Iterator[Frame]:
    """Yield the key frames of a video before a time, at 0 those of its first part; what is no coded
    video has none."""
    if not item.is_coded:
        return
    start_s, end_s = _span_before(begin_s, span_s * _KEY_FRAMES_SPAN)
    with open_source(item, key_frames_only=True, start_s=start_s) as source:
        for frame in source:
            if frame.time_s > end_s:
                return
            yield frame


def spread_frames(item: Input, span_s: float, rate_hz: float, begin_s: float = 0.0) -> Iterator[Frame]:
    """Yield up to `MOST` frames spread evenly over `span_s` of a recording, chosen as by `key_frames`."""
    due_s, end_s = _span_before(begin_s, span_s)
    with open_source(item, rate_hz=rate_hz, start_s=due_s) as source:
        for frame in source:
            if frame.time_s > end_s:
                return
            if frame.time_s >= due_s:
                due_s = frame.time_s + span_s / MOST
                yield frame


def _span_before(time_s: float, span_s: float) -> tuple[float, float]:
    """Return start and end of the span before a time; near the beginning, of the first span that there is.

    What comes later must not be learnt: a bag that is left then would belong to the place from the start.
    """
    end_s = max(time_s, span_s)
    return end_s - span_s, end_s
