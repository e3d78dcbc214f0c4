"""The steps of a scan in parts, each a job of its own for any executor."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.archive.executor import Progress, Report
from monitor.archive.manifest import Entry
from monitor.archive.shards.plan import Part, Plan
from monitor.archive.task import Task
from monitor.errors import SourceError

if TYPE_CHECKING:
    from monitor.archive.shards.joining import Joined
    from monitor.archive.shards.measured import Measured, Standstill


@dataclass(frozen=True, slots=True)
class _Step:
    task: Task

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.task.name


@dataclass(frozen=True, slots=True)
class PlanJob(_Step):
    """Finds out if and where the input of a task is cut into about `count` parts."""

    count: int

    def run(self, report: Report) -> Plan:
        """Return the plan; what cannot be read is not cut, and the scan of the whole says why."""
        # Imported where it runs: whoever only hands out jobs needs no decoder. So below.
        from monitor.archive.shards.cutting import plan_of

        try:
            return plan_of(self.task.item, self.task.settings, self.count)
        except SourceError:
            return Plan()


@dataclass(frozen=True, slots=True)
class PartJob(_Step):
    """Measures a part of a recording, the one of this `number` in the plan, or goes on after `before`."""

    part: Part
    number: int
    before: "Standstill | None" = None

    def run(self, report: Report) -> "Measured | None":
        """Return what was measured, None where the input cannot be read."""
        from monitor.archive.shards.measuring import measure

        try:
            return measure(
                self.task.item,
                self.task.settings,
                self.part,
                before=self.before,
                threads=self.task.threads,
                watch=lambda frame: report(Progress(frame.index + 1, frame.time_s - self.part.begin_s)),
            )
        except SourceError:
            return None


@dataclass(frozen=True, slots=True)
class ConcludeJob(_Step):
    """Judges the joined scores of a recording and writes what is wanted."""

    joined: "Joined"

    def run(self, report: Report) -> Entry:
        """Return what was found."""
        from monitor.archive.shards.concluding import conclude

        return conclude(self.task, self.joined, report)
