"""Scores kept on disk, so that a recording is measured once and not at every call."""

import gzip
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.archive.identity import identity_of
from monitor.capture.opening import Input
from monitor.outputs.layout import writing
from monitor.outputs.scorefile import scores_line, scores_of_line
from monitor.settings import Settings
from monitor.tuning.scored import Scored, measuring_key

_FORMAT = 1
"""Version of the files; grows when a line changes its meaning."""

_LEVEL = 1
"""Of gzip: the fastest already makes a fifteenth of it."""


def place_of(folder: Path, item: Input, settings: Settings) -> Path | None:
    """Return where the scores of an input are kept; None where it cannot be known again."""
    identity = identity_of(item)
    if identity is None:
        return None
    return folder / f"{identity}-{measuring_key(settings, item)}.jsonl.gz"


def keep(scored: Scored, path: Path) -> None:
    """Write the scores of a whole recording; raises `OutputError`."""
    head = {
        "format": _FORMAT,
        "frames": scored.frames,
        "duration_s": scored.duration_s,
        "measured_with": scored.measured_with,
        "obvious": sorted(scored.obvious),
        "start_time": scored.start_time and scored.start_time.isoformat(),
    }
    # A copy of the same recording may be measured by another process at this moment.
    part = path.with_name(f".{os.getpid()}-{path.name}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(part, "wt", _LEVEL, encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(head) + "\n")
            file.writelines(scores_line(one) + "\n" for one in scored.scores)
        part.replace(path)


def kept(path: Path, name: str) -> Scored | None:
    """Return what was kept, for a recording of this name; None where nothing is that can be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            head: dict[str, Any] = json.loads(next(file))
            if head.pop("format") != _FORMAT:
                return None
            start_time = head.pop("start_time")
            return Scored(
                name=name,
                scores=tuple(map(scores_of_line, file)),
                obvious=frozenset(head.pop("obvious")),
                start_time=start_time and datetime.fromisoformat(start_time),
                **head,
            )
    except (OSError, EOFError, ValueError, KeyError, TypeError, StopIteration):
        # Measured anew and written over: what is kept here costs nothing but time.
        return None
