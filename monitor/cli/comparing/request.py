"""What a call of `monitor compare` asks for, whatever it compares."""

from dataclasses import dataclass
from pathlib import Path

from monitor.comparing.limits import Limit
from monitor.comparing.options import Options
from monitor.comparing.results import refuse_used
from monitor.outputs.layout import refuse_existing

SAME, DIFFERENT, CANNOT_COMPARE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes, as those of diff and cmp, and of a shell's command that Ctrl-C ended."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """How to compare, what counts as different, and where the results go."""

    options: Options
    limits: tuple[Limit, ...]
    out: Path | None
    figure: Path | None
    as_json: bool

    def refuse_existing(self) -> None:
        """Raise before any work where an output is there already."""
        if self.out is not None:
            refuse_used(self.out)
        if self.figure is not None:
            refuse_existing(self.figure)
