"""The comparison as one HTML page that needs nothing but itself: pictures, slider, measures."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import cv2

from monitor.comparing.boxes import Box
from monitor.comparing.drawing import drawn_difference
from monitor.comparing.judging import Judged
from monitor.comparing.meanings import MEANINGS
from monitor.comparing.measures import Measures
from monitor.comparing.wording import shown_measure
from monitor.frames import Bgr
from monitor.outputs.webpage import page

MAX_WIDTH_PX = 1600
"""Wider pictures are made smaller for the page; the other outputs have them whole."""

_EXACT_PX = 400_000
"""Up to so many pixels, 800 x 500, a picture is kept without loss: of larger ones three would be too much."""

_LEAST_SHOWN_PX = 640
"""Narrower pictures are shown enlarged to this."""

_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 92)

_ASSETS = ("page.css", "page.js")

LIMIT_BYTES = 30_000_000
"""Of all pictures in a page: a browser opens it within seconds. What comes beyond has no pictures."""


@dataclass(frozen=True, slots=True)
class _Pictures:
    """A, B and the difference as data URIs."""

    a: str
    b: str
    difference: str
    width_px: int

    @property
    def size_bytes(self) -> int:
        return len(self.a) + len(self.b) + len(self.difference)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One pair on the page; without pictures where the page was full."""

    title: str
    said: str
    different: bool
    names: tuple[str, str]
    pictures: _Pictures | None
    boxes: tuple[Box, ...]
    measures: Measures
    notes: tuple[str, ...]


class Page:
    """Pairs are added as they are compared; their pictures are kept coded, not as arrays."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._left_bytes = LIMIT_BYTES

    def add(self, judged: Judged, names: tuple[str, str], title: str = "") -> None:
        """Add a pair: `names` are those of A and B, `title` is what the pair is called among others."""
        found = judged.found
        pictures = None
        if self._left_bytes > 0:
            a, b, difference = (_uri(picture) for picture in (found.a, found.b, drawn_difference(found)))
            pictures = _Pictures(a, b, difference, max(found.a.shape[1], _LEAST_SHOWN_PX))
            self._left_bytes -= pictures.size_bytes
        self._entries.append(
            _Entry(
                title,
                judged.said,
                judged.different,
                names,
                pictures,
                found.boxes,
                found.measures,
                found.notes,
            )
        )

    def text(self, title: str, verdict: str, more: str = "") -> str:
        """Return the page; `more` is HTML between the head and the pairs."""
        style, script = ((files("monitor.comparing") / name).read_text("utf-8") for name in _ASSETS)
        head = f'<header><h1>{escape(title)}</h1><p class="verdict">{escape(verdict)}</p></header>\n'
        sections = (_section(entry, number) for number, entry in enumerate(self._entries))
        return page(title, style, script, "".join((head, more, *sections)))


def _section(entry: _Entry, number: int) -> str:
    title = f"<h2>{escape(entry.title)}</h2>" if entry.title else ""
    told = f'<p class="{"different" if entry.different else "same"}">{escape(entry.said)}</p>'
    notes = "".join(f"<p class='note'>{escape(note)}</p>" for note in entry.notes)
    full = '<p class="note">The pictures are left out: the page is full.</p>'
    viewer = _viewer(entry, entry.pictures, number) if entry.pictures else full
    head = title + told if title else ""
    return f'<section class="pair">{head}{notes}\n{viewer}{_table(entry)}</section>\n'


def _viewer(entry: _Entry, pictures: _Pictures, number: int) -> str:
    a, b = (escape(name) for name in entry.names)
    modes = "".join(
        f'<label><input type="radio" name="mode{number}" value="{mode}"'
        f"{' checked' if mode == 'slide' else ''}> {label}</label>"
        for mode, label in (("slide", "slider"), ("flicker", "flicker"), ("difference", "difference"))
    )
    return (
        f'<div class="viewer" data-mode="slide">\n<div class="controls">{modes}'
        '<label><input type="checkbox" class="boxes-shown" checked> boxes</label></div>\n'
        f'<div class="stage"><img class="a" width="{pictures.width_px}" src="{pictures.a}" alt="A: {a}">'
        f'<img class="b" src="{pictures.b}" alt="B: {b}">'
        f'<img class="d" src="{pictures.difference}" alt="the difference in grey levels">'
        f'{_outlines(entry.boxes)}<div class="line"></div>'
        f'<span class="name left">A: {a}</span><span class="name right">B: {b}</span>'
        '<input type="range" class="slider" min="0" max="100" value="50" step="1" '
        'aria-label="how much of A is shown, from the left, in percent"></div>\n</div>\n'
    )


def _outlines(boxes: Iterable[Box]) -> str:
    drawn = "".join(
        f'<rect x="{box.x:.5f}" y="{box.y:.5f}" width="{box.width:.5f}" height="{box.height:.5f}"/>'
        for box in boxes
    )
    return f'<svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'


def _table(entry: _Entry) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{name}</th><td>{shown_measure(name, entry.measures.value(name))}</td>"
        f"<td>{escape(meaning.what)}</td><td>{escape(meaning.range)}</td>"
        f"<td>{escape(meaning.blind_to)}</td></tr>"
        for name, meaning in MEANINGS.items()
    )
    head = "".join(
        f"<th scope='col'>{name}</th>" for name in ("measure", "value", "what", "range", "blind to")
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _uri(picture: Bgr) -> str:
    height, width = picture.shape[:2]
    if width > MAX_WIDTH_PX:
        scale = MAX_WIDTH_PX / width
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    exact = height * width <= _EXACT_PX
    data = cv2.imencode(".png" if exact else ".jpg", picture, () if exact else _JPEG)[1]
    return f"data:image/{'png' if exact else 'jpeg'};base64,{base64.b64encode(data.tobytes()).decode()}"
