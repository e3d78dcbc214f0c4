"""The report as one HTML page that needs nothing but itself; clips and large pictures are links beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html import escape
from importlib.resources import files

from monitor.archive.coverage import Coverage, Day
from monitor.archive.report.cards import cards, script_json
from monitor.archive.report.contents import Camera, Contents
from monitor.archive.report.problems import problems_section
from monitor.archive.report.reading import File, Record
from monitor.archive.report.summary import summary_section
from monitor.archive.report.thumbnails import Thumbnails
from monitor.archive.report.timeline import HATCH, Axis, axis_of, axis_svg, day_svg
from monitor.outputs.webpage import page
from monitor.outputs.wording import shown_length, shown_share

_OPEN_UP_TO = 30
"""With so few events the days that have any are open from the start."""

_Found = list[tuple[File, Record]]


def html_text(contents: Contents, thumbnails: Thumbnails) -> str:
    """Return the page: the sum of it first, then a timeline for each camera and day with its events."""
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    axis = axis_of(contents.cameras, contents.zone)
    cameras = (_camera(contents, camera, axis, thumbnails) for camera in contents.cameras)
    title = f"Report on {len(contents.files)} recording{'s' * (len(contents.files) != 1)}"
    body = "".join(
        (
            f"{HATCH}\n",
            summary_section(contents, title),
            problems_section(contents),
            *cameras,
            "<noscript><p>The lists of events need JavaScript, which is switched off; "
            'all events are in <a href="report.csv">report.csv</a>.</p></noscript>\n',
        )
    )
    return page(title, style, script, body)


def _asset(name: str) -> str:
    return (files("monitor.archive.report") / name).read_text(encoding="utf-8")


def _camera(contents: Contents, camera: Camera, axis: Axis, thumbnails: Thumbnails) -> str:
    by_day: defaultdict[date | None, _Found] = defaultdict(list)
    for file, event in camera.events():
        local = contents.local(event["start_time"])
        by_day[local.date() if local else None].append((file, event))
    is_open = sum(contents.kinds.values()) <= _OPEN_UP_TO
    days = [
        _day(contents, part, by_day[part.day], axis, thumbnails, is_open) if isinstance(part, Day) else part
        for part in _lines(camera.coverage, by_day)
    ]
    unknown = by_day[None]
    if unknown:
        listed = _list(contents, unknown, thumbnails)
        days.append(_details("time unknown", "", _count(len(unknown)), listed, is_open))
    axis_line = f'<div class="axis-line">{axis_svg(axis)}</div>\n' if camera.coverage else ""
    return (
        f"<section>\n<h2>{escape(camera.name)}</h2>\n<p class='sub'>{_told(camera)}</p>\n"
        f"{axis_line}{''.join(days)}</section>\n"
    )


def _told(camera: Camera) -> str:
    number = len(camera.files)
    recordings = f"{number} recording{'s' * (number != 1)}"
    found = camera.coverage
    if found is None:
        return f"{recordings}, none with a known time"
    said = [
        recordings,
        f"{shown_length(found.recorded_s)} recorded",
        f"{shown_share(found.watched_fraction)} of the time from first to last was watched",
    ]
    for seams, one in ((found.gaps, "gap"), (found.overlaps, "overlap")):
        if seams:
            total_s = sum(seam.span.length_s for seam in seams)
            said.append(f"{len(seams)} {one}{'s' * (len(seams) != 1)}, {shown_length(total_s)} in all")
    return " · ".join(said)


def _lines(coverage: Coverage | None, by_day: Mapping[date | None, _Found]) -> Iterator[Day | str]:
    """Yield the days with something in them, and one line for each row of days without."""
    empty = 0
    for day in coverage.days if coverage else ():
        if not day.recorded_s and not by_day.get(day.day):
            empty += 1
            continue
        if empty:
            yield _empty(empty)
        empty = 0
        yield day


def _empty(days: int) -> str:
    return f'<p class="empty">{days} day{"s" * (days != 1)} without a recording</p>\n'


def _day(
    contents: Contents, day: Day, found: _Found, axis: Axis, thumbnails: Thumbnails, is_open: bool
) -> str:
    drawn = day_svg(axis, day, [event for _, event in found], contents.zone)
    told = f"{_count(len(found))} · {shown_share(day.watched_fraction)} watched"
    name = f'<time datetime="{day.day}">{day.day:%a %Y-%m-%d}</time>'
    if not found:
        return f'<div class="row quiet">{_row(name, drawn, told)}</div>\n'
    return _details(name, drawn, told, _list(contents, found, thumbnails), is_open)


def _details(name: str, drawn: str, told: str, listed: str, is_open: bool) -> str:
    opened = " open" if is_open else ""
    return f'<details{opened}><summary class="row">{_row(name, drawn, told)}</summary>\n{listed}</details>\n'


def _row(name: str, drawn: str, told: str) -> str:
    return (
        f'<span class="name">{name}</span><span class="line">{drawn}</span><span class="told">{told}</span>'
    )


def _list(contents: Contents, found: Iterable[tuple[File, Record]], thumbnails: Thumbnails) -> str:
    data = script_json(list(cards(contents, found, thumbnails)))
    return f'<div class="cards"></div><script type="application/json">{data}</script>'


def _count(number: int) -> str:
    return f"{number or 'no'} event{'s' * (number != 1)}"
