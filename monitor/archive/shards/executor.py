"""Long recordings in several processes: cut into parts that are measured at the same time, then joined.

Measuring is apart from deciding, so the parts only measure, and one judge decides on all their scores in
order, as in a scan of the whole. Where a part may hand on to the next is not hoped for but compared: see
`seam`.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

from monitor.archive.executor import Ended, Executor, J, Job, Progress
from monitor.archive.shards.cuttask import CutTask
from monitor.archive.task import Task


class Shards:
    """Runs tasks by another executor; where they are few, long recordings in parts.

    An executor itself, see there. The one that does the work asks for jobs again after each that ended, also
    where there was none to be begun before.
    """

    def __init__(self, executor: Executor, cores: int = 1, *, parts: int | None = None) -> None:
        """`cores` of one machine are shared as decoders' threads by the jobs that run at the same time.

        So many `parts` are made at a time, by default as many as there are processes: with 1 every recording
        is scanned as a whole.
        """
        self._parts = executor.size if parts is None else parts
        self._executor = executor
        self._cores = cores
        self._tasks: Iterator[Any] = iter(())
        self._waiting: deque[Task] = deque()
        self._ready: deque[Job] = deque()
        self._whole: list[Task] = []
        self._cut: list[CutTask] = []

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        """See `Executor`; the jobs are tasks."""
        self._tasks = jobs

        def pass_on(job: Any, progress: Progress) -> None:
            if isinstance(job, Task):
                heard(cast(J, job), progress)
            elif (cut := self._cut_of(job)) is not None:
                heard(cast(J, cut.task), cut.heard(job, progress))

        for ended in self._executor.run(_Asked(self._next), pass_on):
            if (over := self._take(ended)) is not None:
                yield over
        while self._cut:  # only where the user stopped it
            if (early := self._cut.pop().concluded_early()) is not None:
                yield early

    @property
    def size(self) -> int:
        """See `Executor`."""
        return self._executor.size

    def stop(self) -> None:
        """See `Executor`; of a recording in parts, what is measured from its beginning on is kept."""
        self._executor.stop()

    def close(self) -> None:
        """See `Executor`."""
        self._executor.close()

    def _next(self) -> Job | None:
        """Return what is to be done next, None where there is nothing for now."""
        if self._ready:
            return self._ready.popleft()
        while len(self._waiting) < self._executor.size and (task := next(self._tasks, None)) is not None:
            self._waiting.append(task)
        if not self._waiting:
            return None
        files = self._files()
        task = self._waiting.popleft()
        if files >= self._parts or not may_be_cut(task):
            return self._as_whole(task, files)
        threads = max(1, self._cores // self._parts)
        cut = CutTask(replace(task, threads=threads), -(-self._parts // files))
        self._cut.append(cut)
        return cut.first

    def _files(self) -> int:
        """Return how many recordings are being done or wait."""
        return len(self._waiting) + len(self._whole) + len(self._cut)

    def _as_whole(self, task: Task, files: int) -> Task:
        """Return a task that is done at one go, also with the cores of processes that have nothing to do."""
        at_once = max(1, min(files, self._executor.size))
        self._whole.append(replace(task, threads=max(1, self._cores // at_once)))
        return self._whole[-1]

    def _take(self, ended: Ended[Any]) -> Ended[Any] | None:
        if isinstance(ended.job, Task):
            self._whole = [task for task in self._whole if task is not ended.job]
            return ended
        cut = self._cut_of(ended.job)
        if cut is None:
            return None  # of a recording that was given up
        after = cut.take(ended)
        self._ready.extend(after.jobs)
        if after.over is not None or after.gives_up:
            files = self._files()
            self._ready = deque(job for job in self._ready if self._cut_of(job) is not cut)
            self._cut.remove(cut)
            if after.gives_up:
                self._ready.append(self._as_whole(cut.task, files))
        return after.over

    def _cut_of(self, job: Job) -> CutTask | None:
        return next((cut for cut in self._cut if getattr(job, "task", None) is cut.task), None)


class _Asked:
    """An iterator that may have something again after it had nothing."""

    def __init__(self, next_: Callable[[], Job | None]) -> None:
        self._next = next_

    def __iter__(self) -> Iterator[Job]:
        return self

    def __next__(self) -> Job:
        if (job := self._next()) is None:
            raise StopIteration
        return job


def may_be_cut(task: Task) -> bool:
    """Return whether a task needs no picture but those of the events.

    Masks and an annotated video are made of every frame, and their encoding takes longer than measuring.
    Triage leaves little to be cut.
    """
    settings = task.settings
    if not task.item.is_coded or task.masks is not None or settings.outputs.annotate:
        return False
    if settings.plugins.take_frames:
        return False
    return settings.archive.triage == "off"
