"""Packets that lie undecoded while nothing happens, so that nothing is missed once something does."""

from collections import deque
from dataclasses import dataclass
from typing import Protocol

from av import Packet
from av.video.stream import VideoStream

HELD_S = 2.0
"""So much lies held at least: what is small stands out only after a while, and its start must still be there.
To decode it takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """What is known of a packet undecoded; `time_s` is that of presentation, in seconds of the connection."""

    size_bytes: int
    time_s: float
    is_key: bool
    is_disposable: bool


class Attention(Protocol):
    """Says when every picture is to be decoded; called in the source's thread."""

    def begin(self) -> None:
        """Take note of a new connection, whose times begin anew."""

    def read(self, packet: PacketFacts) -> bool:
        """Take note of the next packet in decoding order; return whether pictures are to be decoded."""


@dataclass(frozen=True, slots=True)
class Held:
    """A packet that waits; `wanted` says whether a frame of it would be analysed."""

    packet: "Packet[VideoStream]"
    time_s: float
    is_key: bool
    wanted: bool


class Resting:
    """The last groups of pictures, undecoded; for streams whose pictures are shown in decoding order."""

    def __init__(self) -> None:
        self._groups: deque[list[Held]] = deque()

    def hold(self, held: Held) -> list[Held]:
        """Keep a packet; return the group that is let go for it, or nothing."""
        if held.is_key or not self._groups:
            self._groups.append([])
        self._groups[-1].append(held)
        if len(self._groups) < 3 or held.time_s - self._groups[1][0].time_s < HELD_S:
            return []
        return self._groups.popleft()

    def release(self) -> list[Held]:
        """Return all packets in their order, and forget them."""
        held = [each for group in self._groups for each in group]
        self._groups.clear()
        return held
