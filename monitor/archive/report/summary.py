"""The top of the page: how much was looked at, what was found, and what the colours mean."""

from collections.abc import Iterable, Iterator
from html import escape

from monitor.archive.report.contents import Contents
from monitor.outputs.wording import shown_kind, shown_length


def summary_section(contents: Contents, title: str) -> str:
    """Return the head of the page."""
    tiles = "".join(
        f'<div class="tile"><b>{value}</b><span>{escape(name)}</span></div>'
        for value, name in _tiles(contents)
    )
    return (
        f"<header>\n<h1>{escape(title)}</h1>\n<p class='sub'>{escape(_when(contents))}</p>\n"
        f'<div class="tiles">{tiles}</div>\n{_kinds(contents)}{_legend(contents)}{_suppressed(contents)}'
        '<p class="sub">For other programs: <a href="report.csv">report.csv</a>, '
        '<a href="report.json">report.json</a>.</p>\n</header>\n'
    )


def _when(contents: Contents) -> str:
    whole = contents.whole
    if whole is None:
        return "The time of no recording is known."
    first, last = (moment.astimezone(contents.zone) for moment in (whole.start, whole.end))
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}; all times are {contents.zone_name()}"


def _tiles(contents: Contents) -> Iterator[tuple[str, str]]:
    failed = len(contents.failed)
    yield f"{len(contents.cameras)}", _named(len(contents.cameras), "camera")
    yield shown_length(contents.scanned_s), "of video looked at"
    total = sum(contents.kinds.values())
    yield f"{total:,}", _named(total, "event")
    yield f"{sum(contents.rules.values()):,}", "suppressed"
    if failed:
        yield f"{failed}", _named(failed, "recording") + " not read to the end"


def _named(number: int, one: str) -> str:
    return one if number == 1 else f"{one}s"


def _kinds(contents: Contents) -> str:
    chips = "".join(
        f'<li><i class="{escape(kind)}"></i>{escape(shown_kind(kind))} <b>{number:,}</b></li>'
        for kind, number in contents.kinds.items()
    )
    return f'<ul class="kinds">{chips}</ul>\n' if chips else "<p>Nothing was found.</p>\n"


def _legend(contents: Contents) -> str:
    if contents.whole is None:
        return ""
    parts = (("recorded", 0, "recorded"), ("gap", 0, "no recording"), ("overlap", 8, "recorded twice"))
    drawn = "".join(
        f'<li><svg width="22" height="12" aria-hidden="true"><rect class="{name}" y="{top}" width="22" '
        f'height="{12 - top}"/></svg>{said}</li>'
        for name, top, said in parts
    )
    return f'<ul class="kinds legend">{drawn}</ul>\n'


def _suppressed(contents: Contents) -> str:
    if not contents.rules:
        return ""
    rows = _rows((rule.replace("_", " "), f"{number:,}") for rule, number in contents.rules.items())
    return (
        "<details class='plain'><summary>What almost was an event, by the rule that stopped it</summary>"
        f"<table><tbody>{rows}</tbody></table></details>\n"
    )


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<tr><td>{escape(name)}</td><td class='n'>{value}</td></tr>" for name, value in rows)
