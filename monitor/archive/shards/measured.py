"""What was measured in a part of a recording, and where measuring stopped."""

from dataclasses import dataclass, field

from monitor.archive.shards.reel import Reel
from monitor.capture.source import Problems


@dataclass(frozen=True, slots=True)
class Standstill:
    """Where measuring stopped and can be taken up again as if it had not.

    All frames before `until_s` are measured. `state` is what the engine had learnt, packed; `time_s` and
    `index` are those of the last picture that was decoded, `enough_hz` says if pictures are left out still.
    """

    until_s: float
    state: bytes
    time_s: float
    index: int
    enough_hz: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured in a part.

    `last_s` and `last_index` are those of its last frame, analysed or not; frames are counted from the first
    of the part. `standstill` is None where the recording ended, or where the user stopped it: `was_stopped`.
    """

    scores: Reel
    last_s: float
    last_index: int
    standstill: Standstill | None = None
    problems: Problems = field(default_factory=Problems)
    was_stopped: bool = False

    def followed_by(self, later: "Measured") -> "Measured":
        """Return both as one; the later one took up where this stood still."""
        return Measured(
            self.scores + later.scores,
            max(self.last_s, later.last_s),
            max(self.last_index, later.last_index),
            later.standstill,
            self.problems.followed_by(later.problems),
            later.was_stopped,
        )
