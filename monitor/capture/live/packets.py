"""Timestamps of packets made into microseconds from the first key frame, whatever the camera's clock does."""

from fractions import Fraction

from av import Packet
from av.video.stream import VideoStream

from monitor.capture.source import Problems
from monitor.capture.timestamps import DEFAULT_RATE_HZ

TICKS_PER_S = 1_000_000
TICK = Fraction(1, TICKS_PER_S)
"""Fine enough that no two pictures fall together, also where a container counts in frames."""

FORWARD_S = 5.0
"""Timestamps that run this far ahead of the time that passed were set anew. A network that stalls gives late
packets, not such: their timestamps and the time that passed grow alike."""

STALL_S = 1.0
"""Where timestamps leap, the true distance is taken to be the nominal one, unless this much time passed."""


class PacketClock:
    """Rewrites the timestamps of packets, which come in decoding order.

    Time zero is the presentation of the first packet. Where timestamps go back, or leap ahead of the time
    that really passed, they go on from where they were. A packet without any follows the one before at the
    nominal rate. Where a format has no clock of its own (`by_arrival`), arrival is taken. Leaps and lacks
    are counted in `problems`, but for the first packet, to which FFmpeg gives no time in RTSP.
    """

    def __init__(self, rate_hz: float | None, problems: Problems, *, by_arrival: bool) -> None:
        self._problems = problems
        self._by_arrival = by_arrival
        self._step = int(TICKS_PER_S / (rate_hz or DEFAULT_RATE_HZ))
        self._forward = int(FORWARD_S * TICKS_PER_S)
        self._stall = int(STALL_S * TICKS_PER_S)
        self._origin: int | None = None
        self._decoded: int | None = None
        self._arrival = 0

    def place(self, packet: "Packet[VideoStream]", now_s: float) -> None:
        """Rewrite the packet's presentation and decoding timestamp to `TICK`s; neither is None then."""
        arrival = int(now_s * TICKS_PER_S)
        stated = (arrival, arrival) if self._by_arrival else _stated(packet)
        if stated is None:
            shown = decoded = self._expected()
        else:
            shown, decoded = self._continued(*stated, arrival)
        packet.pts, packet.dts = shown, decoded
        self._decoded, self._arrival = decoded, arrival

    def _expected(self) -> int:
        if self._decoded is None:
            return 0
        self._problems.missing_timestamps += 1
        return self._decoded + self._step

    def _continued(self, shown: int, decoded: int, arrival: int) -> tuple[int, int]:
        if self._decoded is None:
            self._origin = shown
        elif self._origin is None:
            self._origin = decoded - self._decoded - self._step
        else:
            step = decoded - self._origin - self._decoded
            passed = arrival - self._arrival
            if step < 0 or step - passed > self._forward:
                self._problems.disordered_timestamps += 1
                self._origin += step - (passed if passed > self._stall else self._step)
        assert self._origin is not None
        return shown - self._origin, decoded - self._origin


def _stated(packet: "Packet[VideoStream]") -> tuple[int, int] | None:
    """Return presentation and decoding timestamp in `TICK`s, one standing in for the other; or None."""
    base, shown, decoded = packet.time_base, packet.pts, packet.dts
    if base is None or (shown is None and decoded is None):
        return None
    shown = decoded if shown is None else shown
    decoded = shown if decoded is None else decoded
    assert shown is not None
    assert decoded is not None
    # In integers: fractions would cost more for each packet than all else that is done with it here.
    ticks, per = base.numerator * TICKS_PER_S, base.denominator
    return shown * ticks // per, decoded * ticks // per
