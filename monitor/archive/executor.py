"""Who does the work: jobs in, results out, wherever they run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: frames and seconds of video looked at, out of `duration_s` if that is known.

    `folder` is where the results grow, None before there is one.
    """

    frames: int = 0
    scanned_s: float = 0.0
    duration_s: float | None = None
    folder: str | None = None


Report = Callable[[Progress], bool]
"""Told by a job after each frame, a call that costs next to nothing; returns whether it is to end early."""


class Job(Protocol):
    """Something to be done, here or elsewhere: it and its result can be pickled."""

    @property
    def name(self) -> str:
        """What it is called before the user."""
        ...

    def run(self, report: Report) -> Any:
        """Do it, reporting all the while; what is raised is a fault of the program."""
        ...


J = TypeVar("J", bound=Job)


@dataclass(frozen=True, slots=True)
class Ended(Generic[J]):
    """A job that is over: with its result, or with `fault`, a sentence that says why it has none.

    `trace` is the traceback where that was an exception, which is a fault of the program.
    """

    job: J
    result: Any = None
    fault: str | None = None
    trace: str | None = None


class Executor(Protocol):
    """Runs jobs, several at a time; a job that takes its process with it is one fault and no more.

    To be used from one thread; `stop` may be called from a signal's handler too.
    """

    @property
    def size(self) -> int:
        """How many jobs run at the same time, at most."""
        ...

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        """Yield each job as it ends. The next is taken from `jobs` only when it can be begun.

        Where `jobs` gives none, it is asked again after each job that ended: what became of one may be the
        reason for another.

        `heard` is called with what running jobs report, about five times a second each at most. After
        `stop` no more are begun, and those that run end early, each with what it has.
        """
        ...

    def stop(self) -> None:
        """Ask for an early end; returns at once."""
        ...

    def close(self) -> None:
        """End everything at once, also what runs; safe to call twice."""
        ...
