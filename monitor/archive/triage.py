"""Which parts of a recording are worth decoding, judged by its packets and key frames, if they can tell.

The first pass reads all packets and decodes a key frame every ten seconds. What stands out of the usual sizes
(`analysis.packets`), and what a key frame shows that is not there most of the time, is decoded with margins.
Before that is believed the recording is asked whether it can know: the smallest thing that the settings look
for must make packets grow by far more than what would just stand out, and the seconds that look quiet but
came nearest to standing out are decoded in full and must hold no event.
"""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor import app
from monitor.analysis.packets import CodedSize, PacketJudge, PacketKind, kind_of
from monitor.archive.triage_looks import KeyLooks
from monitor.archive.triage_marks import Margins, Mark, decoded_count, placed, spans_of
from monitor.archive.triage_trial import doubtful, events_in
from monitor.capture.opening import Input
from monitor.capture.spans import NotInOrderError, PartialSource, Parts
from monitor.errors import SourceError
from monitor.frames import Size
from monitor.settings import Settings

Mode = Literal["auto", "on"]

LOOK_INTERVAL_S = 10.0
"""What is in view for longer is seen by a look. A key frame costs as much as six quiet pictures between."""

_SHORTEST_S = 120.0
"""Of what is shorter, a sample and the margins would be most."""

_MACROBLOCK_PX = 16
_CODED_SHARE = 0.5
"""What moves is coded anew in each macroblock that it touches, at half of what a macroblock costs in a key
frame: half of it is found in the picture before. On generated scenes it was 0.6 to 2 times that."""

_SURE = 1.5
"""The smallest thing must make packets grow by so many times what just stands out. In the generated archive
of `benchmarks.triage` events were lost where it was up to 0.7 times, none where it was 1.2 times or more."""

_MOST_KEYS_SHARE = 0.5
"""Where every picture is a key frame its size says what a picture holds, not what has changed."""

_BEFORE_S = 1.5
_AFTER_S = 2.0
"""Around what stands out, besides the span of its window: something small comes into view, or leaves it, for
a second before packets show it, and an event's limits should be those of a full scan."""

_WARM_UP_S = 10.0
"""Before that the model, begun from key frames, learns for half of its time constant, as in a scan of all:
of 24 events three seconds lost one whose area is at the limit, five seconds lost it too, ten did not."""

_SETTLE_S = 1.0
"""After the time for which something must stay to be called left, so that the judge has the last word."""


@dataclass(frozen=True, slots=True)
class Growth:
    """By what share packets grow with the `smallest` thing looked for, and at `least` must to stand out."""

    smallest: float
    least: float

    @property
    def tells(self) -> bool:
        """Whether the smallest thing is sure to stand out."""
        return self.smallest >= _SURE * self.least

    def __str__(self) -> str:
        return (
            f"packets tell {'enough' if self.tells else 'too little'}: the smallest thing looked for makes "
            f"them grow by {self.smallest:.0%}, and {self.least:.0%} would just stand out"
        )


@dataclass(frozen=True, slots=True)
class TriagePlan:
    """What is to be decoded of one recording.

    `parts` is None where that is all of it, and `reason` says why in one sentence; `decoded_share` is the
    share of the frames that will be decoded. `growth` is None where packets were not asked.
    """

    mode: Mode
    reason: str
    parts: Parts | None = None
    decoded_share: float = 1.0
    growth: Growth | None = None


class _CannotKnowError(Exception):
    """The message says why all must be decoded."""

    def __init__(self, why: str, growth: Growth | None = None) -> None:
        super().__init__(why)
        self.growth = growth


@dataclass(slots=True)
class _FirstPass:
    """What was read of a recording: its packets and what its key frames show, all times in seconds."""

    size: Size
    sizes: list[CodedSize] = field(default_factory=list)
    keys_s: list[float] = field(default_factory=list)
    looks_s: list[float] = field(default_factory=list)
    seen_s: list[float] = field(default_factory=list)
    times_s: Sequence[float] = ()


def plan(item: Input, settings: Settings, mode: Mode, *, every_frame: bool = False) -> TriagePlan:
    """Return which spans of a recording to decode.

    `item` is a video. `auto` decodes all where packets cannot tell, `on` believes them even so. `every_frame`
    says that an output needs all frames. Errors of the recording are left to the scan, which decodes all.
    """
    if every_frame:
        return TriagePlan(mode, "an output shows every frame (the annotated video, masks or scores)")
    try:
        with PartialSource(item.address) as source:
            return _planned(source, settings, mode)
    except _CannotKnowError as why:
        return TriagePlan(mode, str(why), growth=why.growth)
    except NotInOrderError as error:
        return TriagePlan(mode, f"{error}, so that parts cannot be found by time")
    except SourceError:
        return TriagePlan(mode, "it cannot be read in parts")


def _planned(source: PartialSource, settings: Settings, mode: Mode) -> TriagePlan:
    first = _read(source, settings)
    if not first.times_s:
        raise _CannotKnowError("it has no packets")
    end_s = first.times_s[-1]
    if mode == "auto" and end_s < _SHORTEST_S:
        raise _CannotKnowError(
            f"it lasts {end_s:.0f} s, and below {_SHORTEST_S:.0f} s a sample and margins would be most of it"
        )
    judge = PacketJudge()
    judge.prime(first.sizes)
    growth = _growth(first, judge, settings)
    if mode == "auto" and not growth.tells:
        raise _CannotKnowError(str(growth), growth)
    marks, nearness = _marked(first.sizes, judge)
    found = spans_of(marks, first.looks_s, first.seen_s, end_s, _margins(settings))
    if mode == "auto":
        _try(source, doubtful(nearness, found, end_s), first, settings, growth)
    parts = Parts(placed(found, first.times_s, _WARM_UP_S), tuple(first.looks_s), end_s)
    share = decoded_count(parts.spans, first.times_s, first.keys_s) / len(first.times_s)
    return TriagePlan(mode, str(growth), parts, min(share, 1.0), growth)


def _read(source: PartialSource, settings: Settings) -> _FirstPass:
    first = _FirstPass(source.info.size)
    looks = KeyLooks(lambda: app.analyser_of(settings), settings.advanced.light.change_ratio)
    times_s, newest_s = array("d"), -math.inf
    for packet, frame in source.packets(LOOK_INTERVAL_S):
        kind = kind_of(
            is_key=packet.is_key,
            is_disposable=packet.is_disposable,
            time_s=packet.time_s,
            newest_s=newest_s,
        )
        newest_s = max(newest_s, packet.time_s)
        times_s.append(packet.time_s)
        first.sizes.append(CodedSize(packet.size_bytes, kind, packet.time_s))
        if packet.is_key:
            first.keys_s.append(packet.time_s)
        if frame is not None:
            first.looks_s.append(frame.time_s)
            first.seen_s += looks.take(frame)
    first.seen_s += looks.finish()
    first.times_s = array("d", sorted(times_s))
    return first


def _growth(first: _FirstPass, judge: PacketJudge, settings: Settings) -> Growth:
    """Return how well packets tell."""
    if len(first.keys_s) > _MOST_KEYS_SHARE * len(first.sizes):
        raise _CannotKnowError("every picture is a key frame, whose size does not tell what has changed")
    if (least := judge.least_growth) is None:
        raise _CannotKnowError("it has too few packets to learn their usual sizes")
    return Growth(_growth_of_the_smallest(first, settings), least)


def _growth_of_the_smallest(first: _FirstPass, settings: Settings) -> float:
    """Return by what share the packets of quiet grow with the smallest thing that the settings look for."""
    width, height = first.size
    sensitivity = max((zone.sensitivity for zone in settings.zones.values()), default=1.0)
    side_px = math.sqrt(settings.motion.min_area_fraction / max(sensitivity, 1.0) * width * height)
    touched = (side_px / _MACROBLOCK_PX + 1) ** 2
    key_bytes = _median([size.size_bytes for size in first.sizes if size.kind is PacketKind.KEY])
    per_macroblock = key_bytes / (math.ceil(width / _MACROBLOCK_PX) * math.ceil(height / _MACROBLOCK_PX))
    quiet_bytes, count = 0.0, 0
    for kind in (PacketKind.FORWARD, PacketKind.BETWEEN, PacketKind.DISPOSABLE):
        sizes = [size.size_bytes for size in first.sizes if size.kind is kind]
        quiet_bytes += _median(sizes) * len(sizes)
        count += len(sizes)
    return _CODED_SHARE * touched * per_macroblock / max(quiet_bytes / max(count, 1), 1.0)


def _median(values: list[int]) -> float:
    return float(sorted(values)[len(values) // 2]) if values else 0.0


def _marked(sizes: Sequence[CodedSize], judge: PacketJudge) -> tuple[list[Mark], list[tuple[float, float]]]:
    """Return where packets stand out, and of all others how near they came, both in order of time."""
    marks: list[Mark] = []
    nearness: list[tuple[float, float]] = []
    for size in sizes:
        score = judge.update(size)
        if score.stands_out:
            marks.append(Mark(size.time_s - score.span_s, size.time_s))
        else:
            nearness.append((size.time_s, abs(score.together or 0.0)))
    return sorted(marks, key=lambda mark: mark.start_s), sorted(nearness)


def _margins(settings: Settings) -> Margins:
    return Margins(_BEFORE_S, _AFTER_S, stays_s=settings.advanced.regions.left_s + _SETTLE_S)


def _try(
    source: PartialSource, pieces: Sequence[Mark], first: _FirstPass, settings: Settings, growth: Growth
) -> None:
    """Decode what looks quiet; raise where an event is found in it."""
    parts = Parts(placed(pieces, first.times_s), tuple(first.looks_s), first.times_s[-1])
    for span in parts.spans:
        analyser, judge = app.analyser_of(settings), app.judge_of(settings, "trial")
        analyser.prime(source.key_frames_at(parts.around(span)))
        for event in events_in(source.frames_of(span), analyser, judge, app.pace_of(settings)):
            raise _CannotKnowError(
                "packets do not tell: in a sample of what looked quiet there is an event "
                f"({event.kind.value} at {event.start_s:.1f} s)",
                growth,
            )
