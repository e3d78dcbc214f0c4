"""Limits that a script sets on the measures, as 'ssim<0.98': what goes over one is different."""

import math
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from monitor.comparing.meanings import MEANINGS
from monitor.comparing.measures import Measures
from monitor.errors import UsageError

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SHORT = {"psnr": "psnr_db", "kl": "kl_nats", "hash": "hash_distance_bits"}
_BOXES = "boxes"
_FORM = re.compile(r"\s*([a-z_]+)\s*(<=|>=|<|>)\s*([^<>=\s]+)\s*")


@dataclass(frozen=True, slots=True)
class Limit:
    """`measure` is a name of `MEANINGS`, or `boxes` for their number; `text` is as it was given."""

    text: str
    measure: str
    sign: str
    value: float

    def is_passed(self, measures: Measures, boxes: int) -> bool:
        """Return whether the pair lies beyond the limit; an unknown measure lies beyond none."""
        value = float(boxes) if self.measure == _BOXES else measures.value(self.measure)
        return value is not None and _COMPARE[self.sign](value, self.value)


def limit_of(text: str) -> Limit:
    """Return the limit that a text states; raises `UsageError` with the names that there are."""
    parts = _FORM.fullmatch(text)
    if parts is None:
        raise UsageError(
            f"--fail-over {text!r}: give NAME<NUMBER or NAME>NUMBER, as --fail-over 'ssim<0.98'."
        )
    name, sign, number = parts.groups()
    measure = _SHORT.get(name, name)
    if measure not in MEANINGS and measure != _BOXES:
        raise UsageError(
            f"--fail-over {text!r}: no measure {name!r}; there are {', '.join((*MEANINGS, _BOXES))}."
        )
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(
            f"--fail-over {text!r}: {number!r} is no number; give one, as --fail-over 'ssim<0.98'."
        )
    return Limit(text, measure, sign, value)


def passed(limits: Iterable[Limit], measures: Measures, boxes: int) -> tuple[str, ...]:
    """Return the texts of the limits that a pair lies beyond."""
    return tuple(limit.text for limit in limits if limit.is_passed(measures, boxes))
