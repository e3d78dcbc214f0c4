"""A look ahead: pictures from the first part of a recording, from which its background is learnt."""

from collections.abc import Iterator

from monitor.capture.opening import Input, open_source
from monitor.frames import Frame

MOST = 40
"""A median of 40 pictures is as good as one of more."""

_KEY_FRAMES_SPAN = 6.0
"""Key frames are taken from a span this many times longer: they cost a tenth of what lies between them."""


def key_frames(item: Input, span_s: float) -> Iterator[Frame]:
    """Yield the key frames of the first part of a video; nothing for images, which have none."""
    if item.images:
        return
    with open_source(item, key_frames_only=True) as source:
        for frame in source:
            if frame.time_s > span_s * _KEY_FRAMES_SPAN:
                return
            yield frame


def spread_frames(item: Input, span_s: float, rate_hz: float) -> Iterator[Frame]:
    """Yield up to `MOST` frames spread evenly over the first `span_s` of a recording."""
    due_s = 0.0
    with open_source(item, rate_hz=rate_hz) as source:
        for frame in source:
            if frame.time_s > span_s:
                return
            if frame.time_s >= due_s:
                due_s = frame.time_s + span_s / MOST
                yield frame
