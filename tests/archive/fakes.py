"""Scans that take no time: what an executor would have found, and who listens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitor.archive.engine import Archive, Verdict, Wanted
from monitor.archive.executor import Ended, J, Progress
from monitor.archive.manifest import Entry, Manifest, State
from monitor.archive.task import Task, wanted_outputs
from monitor.capture.opening import Input
from monitor.outputs.layout import UNFINISHED
from monitor.settings import Settings, load_settings


def found(task: Task) -> Entry:
    """What a scan of a task gives: one event, in a folder still marked as unfinished."""
    out = task.settings.outputs.folder
    stem = Path(task.name).stem
    folder = next(n for n in (stem, f"{stem}-2", f"{stem}-3") if not (out / n).exists())
    (out / folder).mkdir(parents=True)
    (out / folder / UNFINISHED).touch()
    (out / folder / "events.jsonl").write_text(f'{{"source": "{task.name}"}}\n', encoding="utf-8")
    return replace(
        task.failed(""),
        state=State.DONE,
        error=None,
        folder=folder,
        outputs=wanted_outputs(task.settings),
        events={"motion": 1},
    )


@dataclass
class Here:
    """An executor that asks `do` for each result; a `str` is a fault."""

    do: Callable[[Task], Entry | str] = found
    stopped: bool = False

    @property
    def size(self) -> int:
        return 1

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        while not self.stopped and (job := next(jobs, None)) is not None:
            assert isinstance(job, Task)
            result = self.do(job)
            yield Ended(job, fault=result) if isinstance(result, str) else Ended(job, result)

    def stop(self) -> None:
        self.stopped = True

    def close(self) -> None:
        pass


@dataclass
class Heard:
    """What was told, as words."""

    told: list[str] = field(default_factory=list)

    def skipped(self, item: Input, entry: Entry, why: Verdict) -> None:
        self.told.append(f"{item.name} {why}")

    def same(self, item: Input, first: Input) -> None:
        self.told.append(f"{item.name} is {first.name}")

    def heard(self, task: Task, progress: Progress) -> None:
        pass

    def done(self, task: Task, entry: Entry) -> None:
        self.told.append(f"{task.name} scanned")


def scan(
    out: Path,
    items: Sequence[Input | Wanted],
    *overrides: str,
    again: bool = False,
    executor: Here | None = None,
) -> tuple[list[str], list[Entry]]:
    """Scan into `out`; return what was told and what is known of each input."""
    settings = settings_of(out, *overrides)
    wanted = [Wanted(item) if isinstance(item, Input) else item for item in items]
    heard = Heard()
    out.mkdir(exist_ok=True)  # as the lock does
    with Manifest(out) as manifest:
        archive = Archive(settings, manifest, again=again)
        archive.scan(wanted, executor or Here(), heard)
    return heard.told, archive.results(wanted)


def settings_of(out: Path, *overrides: str) -> Settings:
    return load_settings(overrides=[f"outputs.folder={out}", *overrides])
