"""What the page's script makes the list of events from: one JSON array for each day of a camera.

The browser builds a list only when it is opened, from texts alone; so five thousand events cost no more
than those that are looked at, and nothing that a file is called can become a part of the page.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from monitor.archive.report.contents import Contents
from monitor.archive.report.reading import File, Record
from monitor.archive.report.thumbnails import Thumbnails
from monitor.outputs.records import files_by_role
from monitor.outputs.wording import shown_evidence, shown_kind, shown_length

_LEAD_S = 1.0
"""The annotated video is begun that long before an event, to see it come."""

_SENTENCES = ("opened, because", "closed, because")


def href(path: str, at_s: float | None = None) -> str:
    """Return a relative path as a link, with a moment for a player to begin at."""
    return quote(path) + (f"#t={max(at_s, 0.0):.1f}" if at_s is not None else "")


def script_json(value: object) -> str:
    """Return JSON that may stand inside of a `<script>`: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def cards(
    contents: Contents, events: Iterable[tuple[File, Record]], thumbnails: Thumbnails
) -> Iterator[dict[str, Any]]:
    """Yield what the page shows of each event."""
    for file, event in events:
        yield {key: value for key, value in _card(contents, file, event, thumbnails).items() if value}


def _card(contents: Contents, file: File, event: Record, thumbnails: Thumbnails) -> dict[str, Any]:
    local = contents.local(event["start_time"])
    start_s, end_s = event["start_s"], event["end_s"]
    files, evidence = event["files"], dict(shown_evidence(event["evidence"]))
    snapshot = _inside(contents.folder, files["snapshot"])
    return {
        "kind": event["kind"],
        "called": shown_kind(event["kind"]),
        "time": f"{local:%H:%M:%S}" if local else f"at {_offset(start_s)}",
        "lasted": None if end_s is None else shown_length(end_s - start_s),
        "zones": event["zones"],
        "why": [(name, evidence.pop(name)) for name in _SENTENCES if name in evidence],
        "measured": "  ·  ".join(f"{name} {value}" for name, value in evidence.items()),
        "file": f"{file.entry.name}, at {_offset(start_s)}",
        "picture": thumbnails.of(contents.folder / snapshot) if snapshot else None,
        "links": list(_links(contents.folder, file, files, start_s)),
    }


def _links(folder: Path, file: File, files: Record, start_s: float) -> Iterator[tuple[str, str]]:
    """Yield name and address of each file of an event that is there; the script knows picture and clip."""
    named = {role: path for role, path in files_by_role(files).items() if _inside(folder, path)}
    if snapshot := named.get("snapshot"):
        yield "picture", href(snapshot)
    yield from ((role, href(path)) for role, path in named.items() if role.startswith("clip"))
    if annotated := named.get("annotated"):
        yield "annotated video", href(annotated, start_s - _LEAD_S)
    if file.sheets:
        yield "contact sheet", href(file.sheets[0])


def _inside(folder: Path, path: str | None) -> str | None:
    """Return a path that a record names if it is one below the folder, and there."""
    if path is None or Path(path).is_absolute() or ".." in Path(path).parts:
        return None
    return path if (folder / path).is_file() else None


def _offset(time_s: float) -> str:
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"
