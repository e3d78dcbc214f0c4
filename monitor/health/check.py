"""One question about the machine with its answer."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Whether something is as it should be; a problem keeps the program from its work, a warning may."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and what to do about it; None where there is nothing to do."""

    name: str
    state: State
    found: str
    next_step: str | None = None
