"""One recording to be scanned: a value that may travel to another process or machine."""

from dataclasses import dataclass, field
from pathlib import Path

from monitor.archive.executor import Report
from monitor.archive.manifest import Entry, State
from monitor.archive.starttime import Start, camera_name, start_of
from monitor.capture.opening import Input
from monitor.outputs.records import rfc3339
from monitor.settings import Settings


@dataclass(frozen=True, slots=True)
class Task:
    """An input, what to do with it, and what it is known by; see `Entry` for `id`, `fingerprint`, the paths.

    Results go into a folder of their own below `settings.outputs.folder`. `threads` are those of the
    decoder, None for one a core. `roots` are the paths that the call named. `token` is added to the folder's
    name where several machines, of which none sees the others' folders, must not choose the same.
    """

    item: Input
    settings: Settings
    id: str | None = None
    fingerprint: str = ""
    scores: Path | None = None
    masks: Path | None = None
    threads: int | None = None
    roots: tuple[str, ...] = field(default=(), repr=False)  # may hold a password
    token: str = ""

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.item.name

    def run(self, report: Report) -> Entry:
        """Scan the input; see `running.run`."""
        # Imported where it runs: whoever only hands out tasks needs no decoder.
        from monitor.archive.running import run

        return run(self, report)

    def failed(self, error: str, start: Start | None = None) -> Entry:
        """Return what is known where the scan came to no result, because of the input.

        `start` is when it began; without one its name and its last write say so.
        """
        start = start or start_of(self.item, None, self.settings.archive)
        return Entry(
            self.id,
            address_of(self.item),
            self.name,
            State.FAILED,
            self.fingerprint,
            camera=camera_name(self.item, self.roots, self.settings.archive),
            start_time=rfc3339(start.time),
            start_time_from=start.origin,
            error=error,
        )


def address_of(item: Input) -> str:
    """Return where an input is, fit to be kept: a path from the root, a URL without its password."""
    return item.shown if "://" in item.address else str(Path(item.address).absolute())


def wanted_outputs(settings: Settings) -> tuple[str, ...]:
    """Return the names of the optional outputs that the settings ask for."""
    outputs = settings.outputs
    asked = {
        "annotated": outputs.annotate,
        "clips": settings.clips.enabled,
        "contact_sheet": outputs.contact_sheet,
        "snapshots": outputs.snapshots,
    }
    return tuple(name for name, is_asked in asked.items() if is_asked)
