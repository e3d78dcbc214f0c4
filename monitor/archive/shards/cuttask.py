"""A recording that is scanned in parts: which job comes next, and what became of it."""

import logging
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from monitor.archive.executor import Ended, Job, Progress
from monitor.archive.shards.jobs import ConcludeJob, PartJob, PlanJob
from monitor.archive.task import Task

if TYPE_CHECKING:
    from monitor.archive.shards.joining import Joiner, Longer

log = logging.getLogger(__name__)

_NOTABLE = 0.5
"""What is half as large as the least that counts for motion must be the same in both parts at a seam."""


@dataclass(frozen=True, slots=True)
class Next:
    """What comes after a job: more jobs, and `over` once there is a result or a fault.

    `gives_up` says that the recording is to be scanned as a whole instead.
    """

    jobs: tuple[Job, ...] = ()
    over: Ended[Task] | None = None
    gives_up: bool = False


class CutTask:
    """A task that is planned, measured in parts, joined and concluded, each step a job of its own.

    What cannot be read in parts, or takes its process with it, is given up as such: the scan of the whole
    then tells what is wrong, as it does of every recording.
    """

    def __init__(self, task: Task, count: int) -> None:
        """To be cut into `count` parts or so; `task` says with how many threads each is decoded."""
        self.task = task
        self.first = PlanJob(task, count)
        self._began_s = perf_counter()
        self._duration_s = 0.0
        self._joiner: Joiner | None = None
        self._heard: dict[int, Progress] = {}

    def take(self, ended: Ended[Any]) -> Next:
        """Return what comes after a job of this task that has ended."""
        job, result = ended.job, ended.result
        if ended.trace is not None or (ended.fault is not None and isinstance(job, ConcludeJob)):
            return Next(over=Ended(self.task, fault=ended.fault, trace=ended.trace))
        if isinstance(job, ConcludeJob):
            return Next(over=self._over(result))
        if isinstance(job, PlanJob) and ended.fault is None:
            return self._planned(result)
        if not isinstance(job, PartJob) or result is None:
            log.info("%s is scanned as a whole: %s", self.task.name, ended.fault or "a part cannot be read")
            return Next(gives_up=True)
        joiner = self._joiner
        assert joiner is not None
        longer = joiner.take(job.number, result) if job.before is None else joiner.go_on(result)
        return self._joined(joiner, longer, job.number)

    def heard(self, job: Job, progress: Progress) -> Progress:
        """Return how far all parts are together."""
        if isinstance(job, PartJob) and job.before is None:
            self._heard[job.number] = progress
        frames = sum(one.frames for one in self._heard.values())
        scanned_s = min(self._duration_s, sum(one.scanned_s for one in self._heard.values()))
        return Progress(frames, scanned_s, self._duration_s, progress.folder)

    def concluded_early(self) -> Ended[Any] | None:
        """Conclude, here and now, what is measured from the beginning on; None where that is nothing."""
        joined = None if self._joiner is None else self._joiner.joined()
        if joined is None:
            return None
        return self._over(ConcludeJob(self.task, joined).run(lambda progress: False))

    def _planned(self, plan: Any) -> Next:
        if len(plan.parts) < 2:
            return Next(gives_up=True)
        # Imported here: most recordings are scanned as a whole, and need nothing of it.
        from monitor.archive.shards.joining import Joiner

        self._duration_s = plan.duration_s
        notable = _NOTABLE * self.task.settings.motion.min_area_fraction
        self._joiner = Joiner(plan.parts, notable)
        return Next(tuple(PartJob(self.task, part, number) for number, part in enumerate(plan.parts)))

    def _joined(self, joiner: "Joiner", longer: "Longer | None", number: int) -> Next:
        if longer is not None:
            return Next((PartJob(self.task, longer.part, number, longer.before),))
        joined = joiner.joined() if joiner.is_complete else None
        return Next() if joined is None else Next((ConcludeJob(self.task, joined),))

    def _over(self, entry: Any) -> Ended[Task]:
        took_s = round(perf_counter() - self._began_s, 3)
        return Ended(self.task, replace(entry, took_s=took_s))
