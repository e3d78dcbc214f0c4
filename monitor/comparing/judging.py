"""Whether two pictures count as different: by what was found, or by the limits that were set."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.comparing.images import Comparison
from monitor.comparing.limits import Limit, passed
from monitor.comparing.wording import verdict


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A comparison with its verdict.

    `passed` are the limits that it lies beyond; `said` is the verdict in a sentence.
    """

    found: Comparison
    different: bool
    passed: tuple[str, ...]
    said: str


def judge(found: Comparison, limits: Sequence[Limit]) -> Judged:
    """Return the verdict: where limits are set they alone decide, else what was found does."""
    beyond = passed(limits, found.measures, len(found.boxes))
    different = bool(beyond) if limits else found.different
    return Judged(
        found, different, beyond, verdict(found, different=different, passed=beyond, limits=bool(limits))
    )
