"""What a fault is, and the row that it ends with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class FaultError(Exception):
    """What was expected did not happen; the message says what did."""


class MissingError(Exception):
    """The fault cannot be tried here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """What was done, what was expected, what was found; `passed` is None where it was not tried."""

    done: str
    expected: str
    found: str
    passed: bool | None


Fault = Callable[[Path, bool], Row]
"""Tries a fault in an empty folder; the second argument asks for a short run. Raises `MissingError`."""


def judged(done: str, expected: str, found: str, claims: dict[str, bool]) -> Row:
    """Return a row that passes where all claims hold; those that do not are named in it."""
    wrong = [claim for claim, holds in claims.items() if not holds]
    return Row(done, expected, found + (f". NOT: {'; '.join(wrong)}" if wrong else ""), not wrong)
