"""The scores of a live camera, kept for some days in little room: why did it fire, why did it not.

A file an hour (UTC), `scores/2026-11-21/14.jsonl.gz`: lines of `outputs.scorefile`, in gzip members of up to
a minute, each whole by itself. So a crash costs a minute, and `zcat` reads what is there at any time.
"""

import gzip
import json
import logging
import math
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from monitor.analysis.scores import Scores, State
from monitor.events.event import EventChange, NearMiss, Phase
from monitor.outputs.recording.worker import Worker
from monitor.outputs.scorefile import scores_from_lines, scores_values
from monitor.outputs.sink import Observation

log = logging.getLogger(__name__)

FOLDER = "scores"

QUIET_S = 1.0
SEEN_S = 0.2
"""One picture a second is kept while nothing is seen in it, five while something is: the rules decide by
time, and the shortest time that a rule asks for is 0.3 s."""

_GAIN_RATIO = 1.05
"""A light that changes by more than this since what was kept last is kept too: half of what stops motion."""

MEMBER_S = 60.0
MEMBER_LINES = 900
"""A member is written after so long, or after so many lines: a minute of 15 pictures a second."""

_DIGITS = 3
"""Significant digits of what is kept: as many as limits are told with; times keep all of theirs."""

_EXACT = frozenset({"index", "time_s", "id"})


def tells_more(scores: Scores, kept: Scores | None) -> bool:
    """Return whether a frame tells more than the one that was kept last."""
    if kept is None or scores.time_s < kept.time_s or scores.state is not kept.state:
        return True
    if scores.corrupt or scores.accepted or abs(math.log(scores.gain / kept.gain)) > math.log(_GAIN_RATIO):
        return True
    seen = {track.id for track in scores.tracks if track.visible}
    if seen - {track.id for track in kept.tracks}:
        return True
    return scores.time_s - kept.time_s >= (SEEN_S if seen or scores.state is not State.WATCHING else QUIET_S)


def compact_line(scores: Scores) -> str:
    """Return a frame as one line without its flow, rounded, defaults left out; `read_kept` takes it back."""
    values = scores_values(scores)
    values["flow"] = []
    return json.dumps(_rounded(values), separators=(",", ":"), ensure_ascii=False)


def _rounded(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one, key) for one in value]
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    return round(value, 6) if key in _EXACT else float(f"{value:.{_DIGITS}g}")


class ScoreKeeper:
    """Keeps a camera's scores below `folder`, for `days` and within `most_bytes`, the oldest going first.

    Frames without a wall time are not kept: nobody could ask for them. Files are written by `worker`, so that
    a slow disk delays nothing, while `may_write` says that there is room; what the disk refuses is lost, and
    logged once.
    """

    def __init__(
        self, folder: Path, worker: Worker, may_write: Callable[[], bool], *, days: float, most_bytes: int
    ) -> None:
        self._folder = folder / FOLDER
        self._worker = worker
        self._may_write = may_write
        self._days = days
        self._most_bytes = most_bytes
        self._lines: list[str] = []
        self._path: Path | None = None
        self._begun: datetime | None = None
        self._kept: Scores | None = None
        self._is_told = False

    def take(self, observation: Observation) -> None:
        """Keep this frame if it tells more than the one before; with the end of an event all is written out.

        So whoever asks about an event that has just ended need not wait for the minute to be full.
        """
        self._keep(observation)
        if any(change.phase is Phase.CLOSED for change in observation.changes):
            self._flush()

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Write out what is held: a gap begins, or the end."""
        self._flush()

    def close(self) -> None:
        """Write out what is held; safe to call twice."""
        self._flush()

    def _keep(self, observation: Observation) -> None:
        """Keep a frame if it was analysed and tells more than the one before."""
        scores = observation.scores
        if not observation.fresh or scores.wall_time is None or not tells_more(scores, self._kept):
            return
        self._kept = scores
        at = scores.wall_time.astimezone(UTC)
        path = self._folder / f"{at:%Y-%m-%d}" / f"{at:%H}.jsonl.gz"
        lasted_s = 0.0 if self._begun is None else (at - self._begun).total_seconds()
        if path != self._path or len(self._lines) >= MEMBER_LINES or not 0 <= lasted_s < MEMBER_S:
            self._flush()
            self._path, self._begun = path, at
        self._lines.append(compact_line(scores))

    def _flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines and self._path is not None and self._begun is not None:
            self._worker.add(partial(self._write, self._path, lines, self._begun))

    def _write(self, path: Path, lines: list[str], now: datetime) -> None:
        if not self._may_write():
            return
        member = gzip.compress("".join(f"{line}\n" for line in lines).encode())
        try:
            is_new = not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(member)
            if is_new:
                make_room(self._folder, now - timedelta(days=self._days), self._most_bytes)
        except OSError as error:
            if not self._is_told:
                log.warning("%s cannot be written (%s): its scores are lost", path, error.strerror)
            self._is_told = True
        else:
            self._is_told = False


def make_room(folder: Path, oldest: datetime, most_bytes: int) -> None:
    """Delete the hours before `oldest`, then the oldest until the rest takes no more than `most_bytes`."""
    hours = sorted(_hours(folder), reverse=True)
    room_bytes = most_bytes
    for number, (hour, path) in enumerate(hours):
        room_bytes -= path.stat().st_size
        # The newest is being written to, whatever its size.
        if number and (room_bytes < 0 or hour + timedelta(hours=1) <= oldest):
            path.unlink(missing_ok=True)
            if not any(path.parent.iterdir()):
                path.parent.rmdir()


def read_kept(folder: Path, since: datetime, until: datetime) -> Iterator[Scores]:
    """Yield the scores of a camera's folder from `since` to `until`, in the order in which they were kept.

    What a crash left of a member is read as far as it goes.
    """
    for hour, path in sorted(_hours(folder / FOLDER)):
        if hour > until or hour + timedelta(hours=1) < since:
            continue
        for scores in scores_from_lines(path, _whole_lines(path)):
            if scores.wall_time is not None and since <= scores.wall_time <= until:
                yield scores


def kept_since(folder: Path) -> datetime | None:
    """Return the first hour of which scores of a camera are kept, None where there are none."""
    return min((hour for hour, _ in _hours(folder / FOLDER)), default=None)


def _hours(folder: Path) -> Iterator[tuple[datetime, Path]]:
    for path in folder.glob("*/*.jsonl.gz"):
        try:
            hour = datetime.strptime(f"{path.parent.name} {path.name[:2]}", "%Y-%m-%d %H")
        except ValueError:
            continue  # not one of ours
        yield hour.replace(tzinfo=UTC), path


def _whole_lines(path: Path) -> Iterable[str]:
    text, rest = b"", path.read_bytes()
    while rest:
        member = zlib.decompressobj(wbits=31)  # 16 + 15: with gzip's head
        try:
            text += member.decompress(rest)
        except zlib.error:
            break
        rest = member.unused_data
    return (f"{line}\n" for line in text.decode("utf-8", "replace").split("\n")[:-1])
