"""How far a scan of many recordings is, how fast, and how long it still takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.archive.executor import Progress


@dataclass(frozen=True, slots=True)
class Standing:
    """The share of all that is over, what is done a second, and the time left, None where not yet known."""

    share: float
    frames_per_s: float
    speed: float
    left_s: float | None


@dataclass(slots=True)
class Pace:
    """Counts what is over of inputs whose `weights` are their sizes in bytes.

    How long a recording lasts is not known before it is opened; how large it is, is. So bytes say how much
    is over and how much is left, and seconds of video how fast it goes. What need not be scanned counts as
    over, but not as a sign of speed.
    """

    weights: Mapping[str, int]
    began_s: float
    _over: float = 0.0
    _scanned: float = 0.0
    _frames: int = 0
    _video_s: float = 0.0
    _running: dict[str, Progress] = field(default_factory=dict)

    def heard(self, address: str, progress: Progress) -> None:
        """Take how far one input is."""
        self._running[address] = progress

    def done(self, address: str, frames: int, scanned_s: float) -> None:
        """Take the end of the scan of an input."""
        self._running.pop(address, None)
        self._over += self._weight(address)
        self._scanned += self._weight(address)
        self._frames += frames
        self._video_s += scanned_s

    def skipped(self, address: str) -> None:
        """Take that an input need not be scanned."""
        self._over += self._weight(address)

    def standing(self, now_s: float) -> Standing:
        """Return how it stands at a time of the clock that `began_s` is of."""
        took_s = max(now_s - self.began_s, 1e-3)
        running = sum(self._weight(address) * share_of(p) for address, p in self._running.items())
        total = sum(map(self._weight, self.weights))
        scanned, left = self._scanned + running, total - self._over - running
        frames = self._frames + sum(p.frames for p in self._running.values())
        video_s = self._video_s + sum(p.scanned_s for p in self._running.values())
        left_s = took_s * left / scanned if scanned else None
        return Standing((self._over + running) / total, frames / took_s, video_s / took_s, left_s)

    def _weight(self, address: str) -> int:
        return max(self.weights[address], 1)  # where the size is unknown (a URL), all the same counts


def share_of(progress: Progress) -> float:
    """Return the share of a recording that is over, 0 where its length is unknown."""
    return min(progress.scanned_s / progress.duration_s, 1.0) if progress.duration_s else 0.0
