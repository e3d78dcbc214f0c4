"""Which parts of a recording are worth decoding, judged by its packets and key frames, if they can tell.

The first pass reads all packets. What stands out of their usual sizes (`analysis.packets`), and what two key
frames show differently, is decoded with margins. Before that is believed the recording is asked whether it
can know: the smallest thing that the settings look for must make packets grow by far more than what would
just stand out, and the seconds that look quiet but came nearest to standing out are decoded in full and must
hold no event.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor import app
from monitor.archive.triage.firstpass import Growth, Packets, UserEndedError, judged, read_packets
from monitor.archive.triage.looks import KeyLooks, look_times
from monitor.archive.triage.marks import (
    Change,
    Margins,
    Mark,
    decoded_count,
    joined,
    placed,
    quiet_keys,
    spans_of,
)
from monitor.archive.triage.trial import doubtful, events_in
from monitor.capture.opening import Input
from monitor.capture.spans import NotInOrderError, PartialSource, Parts, Span
from monitor.errors import SourceError
from monitor.settings import Settings

Mode = Literal["auto", "on"]

_SHORTEST_S = 120.0
"""Of what is shorter, a sample and the margins would be most."""

_MOST_KEYS_SHARE = 0.5
"""Where every picture is a key frame its size says what a picture holds, not what has changed."""

_BEFORE_S = 1.5
_AFTER_S = 2.0
"""Around what stands out, besides the span of its window: something small comes into view, or leaves it, for
a second before packets show it, and an event's limits should be those of a full scan."""

_WARM_UP_S = 4.0
"""Before that the model, begun from key frames, learns how pictures differ that follow on one another."""

_SETTLE_S = 1.0
"""After the time for which something must stay to be called left, so that the judge has the last word."""

Asked = Callable[[], bool]
"""Called every few milliseconds; returns whether the user wants to end."""


@dataclass(frozen=True, slots=True)
class TriagePlan:
    """What is to be decoded of one recording.

    `parts` is None where that is all of it, and `reason` says why in one sentence; `decoded_share` is the
    share of the frames that will be decoded. `growth` is that of the hour that tells least, None where
    packets were not asked.
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


def plan(
    item: Input,
    settings: Settings,
    mode: Mode,
    *,
    every_frame: bool = False,
    should_end: Asked = lambda: False,
) -> TriagePlan:
    """Return which spans of a recording to decode.

    `item` is a video. `auto` decodes all where packets cannot tell, `on` believes them even so. `every_frame`
    says that an output needs all frames. Errors of the recording are left to the scan, which decodes all.
    """
    if every_frame:
        return TriagePlan(mode, "an output shows every frame (the annotated video, masks or scores)")
    try:
        with PartialSource(item.address) as source:
            return _Planner(source, settings, mode, should_end).plan()
    except _CannotKnowError as why:
        return TriagePlan(mode, str(why), growth=why.growth)
    except UserEndedError:
        return TriagePlan(mode, "the user ended it")
    except NotInOrderError as error:
        return TriagePlan(mode, f"{error}, so that parts cannot be found by time")
    except SourceError:
        return TriagePlan(mode, "it cannot be read in parts")


class _Planner:
    """Plans one recording."""

    def __init__(self, source: PartialSource, settings: Settings, mode: Mode, should_end: Asked) -> None:
        self._source = source
        self._settings = settings
        self._is_sure = mode == "on"
        self._mode: Mode = mode
        self._should_end = should_end

    def plan(self) -> TriagePlan:
        """Return the plan; raises `_CannotKnowError` where all must be decoded."""
        packets = read_packets(self._source, self._should_end)
        shown_s = packets.shown_s()
        if not shown_s:
            raise _CannotKnowError("it has no packets")
        end_s = shown_s[-1]
        self._refuse(packets, end_s)
        growth, marks, nearness = self._judged(packets)
        margins = Margins(_BEFORE_S, _AFTER_S, stays_s=self._settings.advanced.regions.left_s + _SETTLE_S)
        runs = joined(marks, end_s, margins.join_s)
        changes = self._looked_at(look_times(packets.keys_s, runs, end_s))
        found = spans_of(runs, changes, end_s, margins)
        quiet_s = quiet_keys(packets.keys_s, found) or packets.keys_s
        if not self._is_sure:
            self._try(placed(doubtful(nearness, found, end_s), shown_s, quiet_s), growth)
        spans = placed(found, shown_s, quiet_s, _WARM_UP_S)
        count = decoded_count(spans, shown_s, packets.keys_s)
        share = count / len(shown_s)
        parts = Parts(spans, end_s, frames=len(shown_s))
        return TriagePlan(self._mode, str(growth), parts, min(share, 1.0), growth)

    def _refuse(self, packets: Packets, end_s: float) -> None:
        if not self._is_sure and end_s < _SHORTEST_S:
            raise _CannotKnowError(
                f"it lasts {end_s:.0f} s, and below {_SHORTEST_S:.0f} s a sample and margins would be "
                "most of it"
            )
        if len(packets.keys_s) > _MOST_KEYS_SHARE * len(packets.sizes):
            raise _CannotKnowError("every picture is a key frame, whose size does not tell what has changed")

    def _judged(self, packets: Packets) -> tuple[Growth, list[Mark], list[tuple[float, float]]]:
        """Return how well the worst hour tells, what stands out, and how near all else came to that.

        An hour that does not tell stands out as a whole.
        """
        marks: list[Mark] = []
        nearness: list[tuple[float, float]] = []
        growths: list[Growth] = []
        for hour in packets.hours():
            growth, standing = judged(hour, self._source.info.size, self._settings)
            if growth is None:
                marks.append(Mark(hour[0].time_s, hour[-1].time_s))
                continue
            growths.append(growth)
            if self._is_sure or growth.tells:
                marks += standing.marks
                nearness += standing.nearness
            else:
                marks.append(Mark(hour[0].time_s, hour[-1].time_s))
        if not growths:
            raise _CannotKnowError("it has too few packets to learn their usual sizes")
        worst = min(growths, key=lambda growth: growth.smallest / growth.least)
        if not self._is_sure and not any(growth.tells for growth in growths):
            raise _CannotKnowError(str(worst), worst)
        return worst, marks, nearness

    def _looked_at(self, times_s: Sequence[float]) -> list[Change]:
        looks = KeyLooks(lambda: app.analyser_of(self._settings), self._settings.advanced.light.change_ratio)
        changes: list[Change] = []
        for frame in self._source.key_frames_at(times_s):
            self._ask()
            changes += looks.take(frame)
        return changes + looks.finish()

    def _try(self, pieces: Sequence[Span], growth: Growth) -> None:
        """Decode what looks quiet; raise where an event is found in it."""
        for piece in pieces:
            self._ask()
            analyser, judge = app.analyser_of(self._settings), app.judge_of(self._settings, "trial")
            analyser.prime(self._source.key_frames_at(piece.primed_s))
            frames = self._source.frames_of(piece)
            for event in events_in(frames, analyser, judge, app.pace_of(self._settings)):
                raise _CannotKnowError(
                    "packets do not tell: in a sample of what looked quiet there is an event "
                    f"({event.kind.value} at {event.start_s:.1f} s)",
                    growth,
                )

    def _ask(self) -> None:
        if self._should_end():
            raise UserEndedError
