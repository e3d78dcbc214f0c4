"""The files that `monitor scan` writes for all inputs together, or for each where the user names a place."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.archive.engine import Wanted
from monitor.archive.manifest import Entry, read
from monitor.archive.records import write_csv, write_json
from monitor.capture.opening import Input
from monitor.errors import UsageError
from monitor.outputs.layout import refuse_existing
from monitor.storage.address import shown


@dataclass(frozen=True, slots=True)
class ExtraFiles:
    """The outputs of a scan that the call named, besides those in the folders of the inputs.

    With `near_misses` they are printed.
    """

    json: str | None
    csv: Path | None
    scores: Path | None
    masks: Path | None
    near_misses: bool = False

    def refuse_existing(self, out: Path) -> None:
        """Raise where something is there already, but for what earlier scans into `out` wrote."""
        before = [path for entry in read(out) for path in (entry.scores, entry.masks) if path]
        for path in (self.json_file, self.csv, self.scores):
            if path is not None and str(path.absolute()) not in before:
                refuse_existing(path)
        if self.scores is not None and self.scores.suffix not in (".jsonl", ".csv"):
            raise UsageError(f"--scores {self.scores}: the name must end in .jsonl or .csv.")
        if self.masks is not None and self.masks.exists() and _is_used(self.masks, before):
            raise UsageError(f"--masks {self.masks}: is not an empty folder; choose another or empty it.")

    def refuse_store(self, out: str) -> None:
        """Raise where files of a recording are asked for that are not in its folder, which is in a store."""
        if self.scores is not None or self.masks is not None:
            raise UsageError(
                f"--scores and --masks write beside the results, which {shown(out)} has no place for; "
                "give a folder to --out."
            )

    @property
    def json_file(self) -> Path | None:
        """The file that --json names, None where it is standard output."""
        return None if self.json in (None, "-") else Path(str(self.json))

    def wanted(self, items: Sequence[Input]) -> list[Wanted]:
        """Return the inputs with their extra outputs; where there are several, each has names of its own."""
        if len(items) == 1:
            return [Wanted(items[0], self.scores, self.masks)]
        times: Counter[str] = Counter()
        wanted = []
        for item in items:
            times[item.name] += 1
            number = f"-{times[item.name]}" if times[item.name] > 1 else ""
            stem = Path(item.name).stem + number
            scores = self.scores and self.scores.with_name(f"{self.scores.stem}-{stem}{self.scores.suffix}")
            wanted.append(Wanted(item, scores, self.masks and self.masks / stem))
        return wanted

    def write(self, entries: Sequence[Entry], out: Path) -> None:
        """Write the events of all inputs to the files for them."""
        if self.json_file is not None:
            write_json(self.json_file, entries, out)
        if self.csv is not None:
            write_csv(self.csv, entries, out)


def _is_used(folder: Path, before: Sequence[str]) -> bool:
    """Whether something that no scan wrote is in a folder; what a killed scan left is hidden."""
    if not folder.is_dir():
        return True
    if str(folder.absolute()) in before:
        return False
    shown = (path for path in folder.iterdir() if not path.name.startswith("."))
    return any(str(path.absolute()) not in before for path in shown)
