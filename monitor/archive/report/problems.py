"""What did not go well: files that failed, what was mended in others, gaps and overlaps."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice

from monitor.archive.coverage import Seam
from monitor.archive.manifest import State
from monitor.archive.report.contents import Contents
from monitor.archive.report.reading import File
from monitor.outputs.wording import shown_length

_LISTED = 200
"""Rows of each table; who has more troubles than that sorts them in report.json."""

_SAID = {State.FAILED: "failed", State.STOPPED: "stopped early", State.DONE: "done"}

_LEFT = "the scan was ended by the user; the next one does it again"


def problems_section(contents: Contents) -> str:
    """Return the tables, each folded up; nothing where all went well."""
    failed = [
        (*_where(file), _began(contents, file), _SAID[file.entry.state], file.entry.error or _LEFT)
        for file in contents.failed
    ]
    mended = [(*_where(file), sentence) for file in contents.files for sentence in _sentences(file)]
    tables = (
        _table("Recordings that were not read to the end", _OF_FAILED, failed),
        _table("Recordings with troubles", ("camera", "recording", "what was found"), mended),
        _table("Gaps", _OF_SEAM, list(_seams(contents, "gaps"))),
        _table("Overlaps", _OF_SEAM, list(_seams(contents, "overlaps"))),
        _table("Where the times are known from", ("origin", "recordings"), _origins(contents), counted=False),
    )
    return f"<section class='troubles'>{''.join(tables)}</section>\n"


_OF_FAILED = ("camera", "recording", "began", "state", "why")
_OF_SEAM = ("camera", "from", "to", "for", "between")


def _where(file: File) -> tuple[str, str]:
    return file.camera, file.entry.address


def _began(contents: Contents, file: File) -> str:
    local = contents.local(file.start)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local else "unknown"


def _sentences(file: File) -> Iterator[str]:
    yield from file.entry.problems
    if file.lost:
        yield "its results are not in the folder any more; scan it again"


def _seams(contents: Contents, which: str) -> Iterator[tuple[str, ...]]:
    for camera in contents.cameras:
        seams: Sequence[Seam] = getattr(camera.coverage, which, ())
        for seam in seams:
            start, end = (contents.local(moment) for moment in (seam.span.start, seam.span.end))
            doubt = "" if seam.is_sure else " (by the time of the last write, which copying changes)"
            yield (
                camera.name,
                f"{start:%Y-%m-%d %H:%M:%S}",
                f"{end:%Y-%m-%d %H:%M:%S}",
                shown_length(seam.span.length_s),
                f"{seam.before} and {seam.after}{doubt}",
            )


def _origins(contents: Contents) -> list[tuple[str, ...]]:
    said = {
        "metadata": "the container's metadata",
        "name": "the file's name",
        "mtime": "the time of the last write, less the length",
        None: "unknown",
    }
    counts = dict.fromkeys(said, 0)
    for file in contents.files:
        counts[file.entry.start_time_from] = counts.get(file.entry.start_time_from, 0) + 1
    return [(said.get(origin, str(origin)), f"{count:,}") for origin, count in counts.items() if count]


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, counted: bool = True) -> str:
    if not rows:
        return ""
    number = f" <b>{len(rows):,}</b>" if counted else ""
    names = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in row)}</tr>" for row in islice(rows, _LISTED)
    )
    left = len(rows) - _LISTED
    more = (
        f"<p class='sub'>The first {_LISTED} of {len(rows):,}; report.json has all.</p>" if left > 0 else ""
    )
    return (
        f"<details class='plain'><summary>{escape(title)}{number}</summary><div class='wide'>"
        f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>{more}</details>\n"
    )
