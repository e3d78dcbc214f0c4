"""Whether every picture of a stream has to be decoded, by what its packets and its pictures say together.

While nothing happens key pictures are enough, as long as the sizes of packets tell at once when something
begins (`analysis.packets`). Whether they do is found out on the stream itself, while all is decoded: what
events that the pictures showed have added to packets, for their area, is scaled down to the smallest that is
wanted, and held against the spread of sizes. Where that cannot be said, all is decoded.
"""

import logging
import threading
from collections import deque
from collections.abc import Sequence
from statistics import fmean, median
from typing import NamedTuple

from monitor.analysis.packets import CodedSize, PacketJudge, PacketKind
from monitor.analysis.scores import Scores, State
from monitor.capture.live.resting import PacketFacts
from monitor.events.event import Event, EventChange, Kind, NearMiss, Phase
from monitor.frames import Gap
from monitor.outputs.sink import Observation

log = logging.getLogger(__name__)

LEARN_S = 120.0
"""So long all is decoded at first: two time constants of what `PacketJudge` learns."""

CALM_S = 5.0
"""Nothing has been seen, and no packet stood out, for so long before pictures are left undecoded."""

LONGEST_GROUP_S = 2.2
"""Key pictures must not be further apart, two seconds as cameras are set; else the looks are too seldom."""

LEAST_SEEN = 3
MOST_SEEN = 8
"""The smallest of the last events tell what an area adds to packets; all of the last must stand out."""

SOON_S = 1.0
"""An event has to stand out within this time: half of what is held when it does."""

UNSEEN_S = 8.0
"""At rest a key picture is looked at up to `HELD_S` and two groups late; where none is, all is decoded."""

LEAST_STRUCTURE = 0.7
LEAST_SHARPNESS = 0.7
MOST_OFFSET = 0.01
"""A picture beyond these is not calm: a slow turn, fog or a spider's web is watched with all pictures."""

_SIZES_S = LEARN_S
"""Sizes are kept so long: their median is the quiet one as long as less than half of it is busy."""


class _Added(NamedTuple):
    """What an event added to each packet: 0 bytes where it did not stand out."""

    area_fraction: float
    bytes_per_area: float


class Quiet:
    """Decides for one camera: the `Attention` of its source, and a sink of what is seen of it.

    `least_area_fraction` is the least area of what is wanted, as a share of the frame.
    """

    def __init__(self, name: str, least_area_fraction: float) -> None:
        self._name = name
        self._least_area_fraction = least_area_fraction
        self._lock = threading.Lock()
        self._open: set[str] = set()
        self._added: deque[_Added] = deque(maxlen=MOST_SEEN)
        self._said: set[bool] = set()
        self._seen_s = 0.0
        self.begin()

    def begin(self) -> None:
        """Learn the packets of a new connection, whose times begin anew."""
        with self._lock:
            self._judge = PacketJudge()
            self._newest_s = 0.0
            self._key_s = self._looked_s = 0.0
            self._group_s: float | None = None
            self._outs_s: deque[float] = deque()
            self._sizes: deque[tuple[float, int]] = deque()
            self._calm_since_s: float | None = None
            self._calm_s = 0.0
            self._added.clear()
            self._telling = self.is_resting = False

    def read(self, packet: PacketFacts) -> bool:
        """Judge a packet; return whether pictures are to be decoded."""
        with self._lock:
            time_s = self._newest_s = max(packet.time_s, self._newest_s)
            if packet.is_key:
                self._group_s = time_s - self._key_s
                self._key_s = time_s
                self._telling = self._is_telling()
            else:
                self._sizes.append((time_s, packet.size_bytes))
            kind = PacketKind.KEY if packet.is_key else PacketKind.FORWARD
            kind = PacketKind.DISPOSABLE if packet.is_disposable else kind
            if self._judge.update(CodedSize(packet.size_bytes, kind, packet.time_s)).stands_out:
                self._outs_s.append(time_s)
            while self._outs_s and time_s - self._outs_s[0] > _SIZES_S:
                self._outs_s.popleft()
            while self._sizes and time_s - self._sizes[0][0] > _SIZES_S:
                self._sizes.popleft()
            self.is_resting = self._may_rest()
            return not self.is_resting

    def take(self, observation: Observation) -> None:
        """Take note of an analysed picture and of what was judged of it."""
        if observation.fresh:
            with self._lock:
                self._seen_s, self._looked_s = observation.scores.time_s, self._newest_s
                self._follow(observation.changes)
                self._keep_calm(observation.scores)

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """Take note of a gap: after it all is decoded."""
        self.finish(changes, near_misses)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Take note of events without a picture."""
        with self._lock:
            self._follow(changes)
            self._calm_since_s, self._calm_s = None, 0.0

    def close(self) -> None:
        """Nothing is held."""

    def _follow(self, changes: Sequence[EventChange]) -> None:
        for change in changes:
            if change.phase is Phase.OPENED:
                self._open.add(change.event.id)
            elif change.phase is Phase.CLOSED:
                self._open.discard(change.event.id)
                if change.event.kind is Kind.MOTION:
                    self._compare(change.event)

    def _keep_calm(self, scores: Scores) -> None:
        if self._open or not is_calm(scores):
            self._calm_since_s, self._calm_s = None, 0.0
            return
        self._calm_since_s = scores.time_s if self._calm_since_s is None else self._calm_since_s
        self._calm_s = scores.time_s - self._calm_since_s

    def _may_rest(self) -> bool:
        if self._newest_s < LEARN_S or self._calm_s < CALM_S:
            return False
        if self._newest_s - self._looked_s > UNSEEN_S:
            return False
        if self._outs_s and self._newest_s - self._outs_s[-1] < CALM_S:
            return False
        if self._group_s is None or max(self._group_s, self._newest_s - self._key_s) > LONGEST_GROUP_S:
            return False
        return self._telling

    def _is_telling(self) -> bool:
        """Say whether the smallest wanted object would make packets stand out."""
        growth = self._judge.least_growth
        if growth is None or len(self._added) < LEAST_SEEN or not self._sizes:
            return False
        smallest = sorted(self._added)[:LEAST_SEEN]
        per_area = min(each.bytes_per_area for each in smallest)
        added = per_area * self._least_area_fraction / self._usual_bytes()
        telling = added >= growth and all(each.bytes_per_area > 0 for each in self._added)
        self._say(telling, f"the smallest object adds {added:.0%} to packets, and {growth:.0%} stands out")
        return telling

    def _usual_bytes(self) -> float:
        return median(size_bytes for _, size_bytes in self._sizes)

    def _compare(self, event: Event) -> None:
        """Hold an event of the pictures against the packets of that time: what it added for its area."""
        area, lag_s = event.evidence.area_fraction, self._newest_s - self._seen_s
        began_s, ended_s = event.start_s + lag_s, (event.end_s or event.start_s) + lag_s
        sizes = [size_bytes for time_s, size_bytes in self._sizes if began_s <= time_s <= ended_s]
        if not area or not sizes or self._judge.least_growth is None:
            return
        stood_out = any(began_s - SOON_S <= out_s <= began_s + SOON_S for out_s in self._outs_s)
        added_bytes = fmean(sizes) - self._usual_bytes()
        self._added.append(_Added(area, max(added_bytes, 0.0) / area if stood_out else 0.0))

    def _say(self, telling: bool, why: str) -> None:
        if telling not in self._said:
            self._said.add(telling)
            what = "while nothing happens only key pictures are decoded" if telling else "all is decoded"
            log.info("%s: %s: %s", self._name, what, why)


def is_calm(scores: Scores) -> bool:
    """Say whether nothing is in the picture, and the place is as it was learnt."""
    return (
        scores.state is State.WATCHING
        and not scores.tracks
        and not scores.corrupt
        and (scores.structure is None or scores.structure >= LEAST_STRUCTURE)
        and (scores.sharpness is None or scores.sharpness >= LEAST_SHARPNESS)
        and (scores.offset is None or max(map(abs, scores.offset)) <= MOST_OFFSET)
    )
