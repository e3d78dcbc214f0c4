"""Where the outputs of one input go: names are claimed before writing and nothing is overwritten."""

import itertools
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EEXIST, EISDIR, ENAMETOOLONG, ENOTDIR, EPERM, EROFS
from pathlib import Path

from monitor.errors import OutputError, OutputExistsError
from monitor.events.event import Event

# Separators, drive colons and control characters; what is left is a name on every file system.
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')


@contextmanager
def writing(place: Path | str) -> Iterator[None]:
    """Turn every `OSError` inside into an `OutputError` that names `place` and what to do.

    `BrokenPipeError` passes: where the reader went away (`| head`) there is nobody to tell.
    """
    try:
        yield
    except (OutputError, BrokenPipeError):
        raise
    except OSError as error:
        raise OutputError(cannot_write(place, error.strerror or str(error))) from error


def cannot_write(place: Path | str, reason: str) -> str:
    """Return the sentence for an output that failed."""
    step = "Choose" if reason in _NOT_FOR_SPACE else "Free some space or choose"
    return f"{place} cannot be written: {reason}. {step} another output folder."


_NOT_FOR_SPACE = {
    os.strerror(number) for number in (EACCES, EEXIST, EISDIR, ENAMETOOLONG, ENOTDIR, EPERM, EROFS)
}
"""What the system says where more space would not help."""


UNFINISHED = ".unfinished"
"""The file that marks a folder whose results are not all there yet."""


def claim_folder(parent: Path, stem: str, *, unfinished: bool = False) -> Path:
    """Make and return parent/stem, or stem-2, stem-3 … where that holds something already.

    With `unfinished` it is marked so, which also keeps other processes from claiming it in that moment.
    Raises `OutputError` at once where nothing can be written there.
    """
    name = _UNSAFE.sub("_", stem).strip(" .") or "source"
    with writing(parent):
        parent.mkdir(parents=True, exist_ok=True)
    others = (f"{name}-{number}" for number in itertools.count(2))
    folders = (parent / candidate for candidate in itertools.chain([name], others))
    return next(folder for folder in folders if _claim(folder) and (not unfinished or _mark(folder)))


def _mark(folder: Path) -> bool:
    with writing(folder):
        try:
            (folder / UNFINISHED).touch(exist_ok=False)
        except FileExistsError:
            return False
    return True


def _claim(folder: Path) -> bool:
    with writing(folder):
        try:
            folder.mkdir()
        except FileExistsError:
            if not folder.is_dir() or any(folder.iterdir()):
                return False
        # Rights alone do not tell of a read-only or a full file system; a real file does.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0")
    return True


def refuse_existing(path: Path) -> None:
    """Raise `OutputExistsError` where `path` exists."""
    if path.exists():
        raise OutputExistsError(
            f"{path} exists already and is not overwritten. Choose another name or remove it."
        )


def unfinished(path: Path) -> Path:
    """Return the hidden name under which a file grows; its suffix stays, for it tells the format."""
    return path.with_name(f".{path.stem}.part{path.suffix}")


def relative(path: Path, folder: Path) -> str:
    """Return `path` as seen from `folder`, with forward slashes."""
    return Path(os.path.relpath(path, folder)).as_posix()


class Layout:
    """The names of all files in the output folder of one input.

    The name of an event's file comes from its start and its kind, as in `clips/00012.480-motion.mp4`;
    a second event of that start and kind gets `-2`. The same event always gets the same name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events = folder / "events.jsonl"
        self.table = folder / "events.csv"
        self.near_misses = folder / "near_misses.jsonl"
        self.scores = folder / "scores.jsonl"
        self.annotated = folder / "annotated.mp4"
        self.contact = folder / "contact.jpg"
        self._names: dict[str, str] = {}

    def clip(self, event: Event) -> Path:
        """Return the name of an event's clip; a copied clip may have to end in .mkv instead."""
        return self.folder / "clips" / f"{self._name(event)}.mp4"

    def snapshot(self, event: Event) -> Path:
        """Return the name of an event's picture."""
        return self.folder / "snapshots" / f"{self._name(event)}.jpg"

    def mask(self, index: int) -> Path:
        """Return the name of a frame's mask."""
        return self.folder / "masks" / f"{index:06d}.png"

    def _name(self, event: Event) -> str:
        if event.id not in self._names:
            base = f"{event.start_s:09.3f}-{event.kind}"
            same = sum(name == base or name.startswith(f"{base}-") for name in self._names.values())
            self._names[event.id] = f"{base}-{same + 1}" if same else base
        return self._names[event.id]
