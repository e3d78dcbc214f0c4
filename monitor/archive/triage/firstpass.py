"""The first pass: all packets of a recording, undecoded, and how well they tell what happens."""

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from monitor.analysis.packets import CodedSize, PacketJudge, PacketKind, kind_of
from monitor.archive.triage.marks import Mark
from monitor.capture.spans import PartialSource
from monitor.frames import Size
from monitor.settings import Settings

HOUR_S = 3600.0
"""Day and night of one recording are judged apart: where the night is noise the day may still tell."""

_MACROBLOCK_PX = 16
_CODED_SHARE = 0.5
"""What moves is coded anew in each macroblock that it touches, at half of what a macroblock costs in a key
frame: half of it is found in the picture before. On generated scenes it was 0.6 to 2 times that."""

_SURE = 1.5
"""The smallest thing must make packets grow by so many times what just stands out. In the generated archive
of `benchmarks.triage` events were lost where it was up to 0.7 times, none where it was 1.2 times or more."""

_ASK_EVERY = 500
"""Packets between two questions whether to end: a few milliseconds."""

_SUDDEN = 1.0
"""A packet alone tells of what happens at once in much of the picture, which costs e times as much or more;
of smaller ones a quiet coder writes a few an hour, and of those that are too small many."""

_KINDS = tuple(PacketKind)


class UserEndedError(Exception):
    """The user ended the first pass."""


@dataclass(slots=True)
class Packets:
    """All packets of a recording in the order of the file; times in seconds.

    `keys_s` are the times of the key frames; a day at 25 a second takes 28 megabytes.
    """

    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    kinds: "array[int]" = field(default_factory=lambda: array("B"))
    times_s: "array[float]" = field(default_factory=lambda: array("d"))
    keys_s: list[float] = field(default_factory=list)

    def shown_s(self) -> Sequence[float]:
        """Return when each picture is shown, in order."""
        return array("d", sorted(self.times_s))

    def hours(self) -> Iterator[list[CodedSize]]:
        """Yield the packets hour by hour."""
        hour: list[CodedSize] = []
        end_s = HOUR_S
        for size, kind, time_s in zip(self.sizes, self.kinds, self.times_s, strict=True):
            if time_s >= end_s and kind == PacketKind.KEY:
                yield hour
                hour, end_s = [], time_s + HOUR_S
            hour.append(CodedSize(size, _KINDS[kind], time_s))
        if hour:
            yield hour


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


@dataclass(slots=True)
class Standing:
    """Where packets stand out, and of all others how near to it they came as (time, share), by time."""

    marks: list[Mark] = field(default_factory=list)
    nearness: list[tuple[float, float]] = field(default_factory=list)


def read_packets(source: PartialSource, should_end: Callable[[], bool]) -> Packets:
    """Read the packets of a recording from its start to its end; raises `UserEndedError` if that is asked."""
    packets, newest_s = Packets(), -math.inf
    for number, packet in enumerate(source.packets()):
        if number % _ASK_EVERY == 0 and should_end():
            raise UserEndedError
        kind = kind_of(
            is_key=packet.is_key,
            is_disposable=packet.is_disposable,
            time_s=packet.time_s,
            newest_s=newest_s,
        )
        newest_s = max(newest_s, packet.time_s)
        packets.sizes.append(packet.size_bytes)
        packets.kinds.append(kind)
        packets.times_s.append(packet.time_s)
        if packet.is_key:
            packets.keys_s.append(packet.time_s)
    packets.keys_s.sort()
    return packets


def judged(hour: list[CodedSize], size: Size, settings: Settings) -> tuple[Growth | None, Standing]:
    """Return how well these packets tell, None where they are too few to say, and which of them stand out."""
    judge, standing = PacketJudge(), Standing()
    judge.prime(hour)
    least = judge.least_growth
    growth = None if least is None else Growth(growth_of_the_smallest(hour, size, settings), least)
    usual = {kind: max(_median(_bytes_of(hour, kind)), 1.0) for kind in PacketKind}
    for packet in hour:
        score = judge.update(packet)
        is_sudden = math.log(packet.size_bytes / usual[packet.kind]) > _SUDDEN
        if score.span_s or (score.stands_out and is_sudden):
            standing.marks.append(Mark(packet.time_s - score.span_s, packet.time_s))
        else:
            standing.nearness.append((packet.time_s, abs(score.together or 0.0)))
    standing.nearness.sort()
    return growth, standing


def growth_of_the_smallest(packets: list[CodedSize], size: Size, settings: Settings) -> float:
    """Return by what share the packets of quiet grow with the smallest thing that the settings look for."""
    width, height = size
    sensitivity = max((zone.sensitivity for zone in settings.zones.values()), default=1.0)
    side_px = math.sqrt(settings.motion.min_area_fraction / max(sensitivity, 1.0) * width * height)
    touched = (side_px / _MACROBLOCK_PX + 1) ** 2
    key_bytes = _median(_bytes_of(packets, PacketKind.KEY))
    per_macroblock = key_bytes / (math.ceil(width / _MACROBLOCK_PX) * math.ceil(height / _MACROBLOCK_PX))
    quiet_bytes, count = 0.0, 0
    for kind in (PacketKind.FORWARD, PacketKind.BETWEEN, PacketKind.DISPOSABLE):
        sizes = _bytes_of(packets, kind)
        quiet_bytes += _median(sizes) * len(sizes)
        count += len(sizes)
    return _CODED_SHARE * touched * per_macroblock / max(quiet_bytes / max(count, 1), 1.0)


def _bytes_of(packets: list[CodedSize], kind: PacketKind) -> list[int]:
    return [packet.size_bytes for packet in packets if packet.kind is kind]


def _median(values: list[int]) -> float:
    return float(sorted(values)[len(values) // 2]) if values else 0.0
