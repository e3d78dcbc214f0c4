"""The scores of every frame, as JSON Lines (complete) or CSV (a summary for plots)."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.analysis.scores import Scores
from monitor.errors import SourceFormatError, SourceNotFoundError, UsageError
from monitor.events.event import EventChange, NearMiss
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import refuse_existing, unfinished, writing
from monitor.outputs.records import rfc3339
from monitor.outputs.sink import Observation
from monitor.outputs.table import csv_line
from monitor.outputs.textfile import TextFile

if TYPE_CHECKING:
    from pydantic import TypeAdapter

COLUMNS = (
    "index",
    "time_s",
    "wall_time",
    "state",
    "foreground_fraction",
    "tracks",
    "peak_sigma",
    "area_fraction",
    "kl_previous_nats",
    "kl_reference_nats",
    "gain",
    "gain_spread",
    "sharpness",
    "structure",
    "mean_luma",
    "luma_deviation",
    "change_previous",
    "corrupt",
)
"""The header of a score table; `peak_sigma` and `area_fraction` are those of the strongest and the
largest visible track."""


@cache
def _adapter() -> "TypeAdapter[Scores]":
    # Reads and writes the whole dataclass from its annotations; loaded only where scores are stored.
    from pydantic import TypeAdapter

    return TypeAdapter(Scores)


def scores_line(scores: Scores) -> str:
    """Return one frame's scores as one line of JSON that `read_scores` takes back unchanged."""
    return _adapter().dump_json(scores).decode()


def scores_of_line(line: str) -> Scores:
    """Return the scores that `scores_line` wrote; raises `ValueError` for a line that holds none."""
    return _adapter().validate_json(line)


def scores_row(scores: Scores) -> list[object]:
    """Return the values of one frame under `COLUMNS`; None where unknown or without a track."""
    visible = [track for track in scores.tracks if track.visible]
    return [
        scores.index,
        scores.time_s,
        rfc3339(scores.wall_time),
        scores.state.value,
        scores.foreground_fraction,
        len(visible),
        max((track.peak_sigma for track in visible), default=None),
        max((track.area_fraction for track in visible), default=None),
        scores.kl_previous_nats,
        scores.kl_reference_nats,
        scores.gain,
        scores.gain_spread,
        scores.sharpness,
        scores.structure,
        scores.mean_luma,
        scores.luma_deviation,
        scores.change_previous,
        scores.corrupt,
    ]


class ScoreFile:
    """Writes the scores of each frame to `path`, a .jsonl (complete) or .csv (summary).

    The file has a hidden name until it is closed, so that what a kill leaves is not taken for all.
    Raises `UsageError` for another suffix, `OutputError` where it cannot be written.
    """

    def __init__(self, path: Path, ledger: FileLedger) -> None:
        if path.suffix not in (".jsonl", ".csv"):
            raise UsageError(f"{path}: scores are written as .jsonl or .csv; choose one of these suffixes.")
        self._table = path.suffix == ".csv"
        refuse_existing(path)
        self._path, self._part = path, unfinished(path)
        with writing(path):
            self._part.unlink(missing_ok=True)
        # Not flushed line by line: scores come with every frame, and what is lost can be scanned again.
        self._file = TextFile(self._part, flush=False)
        if self._table:
            self._file.line(csv_line(COLUMNS))
        ledger.wrote_scores(path)

    def take(self, observation: Observation) -> None:
        """Write the scores of this frame if it was analysed."""
        if observation.fresh:
            self.write(observation.scores)

    def write(self, scores: Scores) -> None:
        """Write the scores of a frame."""
        self._file.line(csv_line(scores_row(scores)) if self._table else scores_line(scores))

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Nothing is left to write."""

    def close(self) -> None:
        """Write out what is buffered, close the file and give it its name; safe to call twice."""
        self._file.close()
        if self._part.exists():
            with writing(self._path):
                self._part.rename(self._path)


def scores_values(scores: Scores) -> dict[str, Any]:
    """Return one frame's scores as JSON values, those that are as always left out."""
    values: dict[str, Any] = _adapter().dump_python(scores, mode="json", exclude_defaults=True)
    return values


def read_scores(path: Path) -> Iterator[Scores]:
    """Yield the scores of a .jsonl file in order, equal to those that were written.

    A last line without its end, as a power cut leaves it, is left out. Raises `SourceNotFoundError`
    where there is no such file, `SourceFormatError` for a line that holds no scores.
    """
    try:
        stream = path.open(encoding="utf-8", newline="\n")
    except FileNotFoundError as error:
        raise SourceNotFoundError(f"{path}: no such score file. Write one with --scores.") from error
    with stream:
        yield from scores_from_lines(path, stream)


def scores_from_lines(path: Path, lines: Iterable[str]) -> Iterator[Scores]:
    """Yield the scores of lines of the file at `path`, up to one without its end.

    Raises `SourceFormatError` for a line that holds no scores.
    """
    from pydantic import ValidationError

    for number, line in enumerate(lines, 1):
        if not line.endswith("\n"):
            return
        try:
            yield _adapter().validate_json(line)
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise SourceFormatError(
                f"{path}, line {number} holds no scores of one frame ({reason}). "
                "Give a .jsonl file that --scores wrote."
            ) from error
