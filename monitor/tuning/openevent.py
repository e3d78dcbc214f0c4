"""The event of motion that is open while known sights are judged."""

from monitor.analysis.scores import Box
from monitor.events.candidate import Candidate
from monitor.events.draft import Moment
from monitor.tuning.sights import Life


class OpenEvent:
    """The event that is open: its members, numbered in the order in which they came, and its picture.

    `near` are those that may be seen again or were just lost; of the others `gone` was seen last.
    """

    def __init__(self, first: Moment) -> None:
        self.first = first
        self.members: dict[Life, int] = {}
        self.near: dict[Life, int] = {}
        self.gone: tuple[int, Candidate] | None = None
        self.shown = 0.0
        self.peak = first
        self.box: Box | None = None

    def join(self, life: Life) -> None:
        """Make a life a member, if it is not one."""
        if life not in self.members:
            self.members[life] = self.near[life] = len(self.members)

    def leave(self, life: Life, last: Candidate) -> None:
        """Take note of a member that was lost long ago, as it was then."""
        one = self.near.pop(life), last
        if self.gone is None or _is_later(one, self.gone):
            self.gone = one


def _is_later(one: tuple[int, Candidate], other: tuple[int, Candidate]) -> bool:
    """Return whether one was seen later; of two that were seen last at once the first to come counts."""
    one_s, other_s = one[1].last.time_s, other[1].last.time_s
    return one_s > other_s or (one_s == other_s and one[0] < other[0])
