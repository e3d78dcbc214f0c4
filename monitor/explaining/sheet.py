"""One sheet that explains an event or a moment: the picture with mask and flow, the words, the measures."""

import base64
import textwrap
from collections.abc import Sequence
from html import escape
from pathlib import Path

import cv2
import numpy as np

from monitor.clock import shown_span
from monitor.errors import UsageError
from monitor.explaining.again import Peak
from monitor.explaining.around import Around
from monitor.explaining.graph import GROUND, draw_axis, draw_measure, measures_of
from monitor.frames import Bgr
from monitor.outputs.layout import refuse_existing, writing
from monitor.outputs.overlay import ZoneOutline, draw_flow, draw_heat, draw_tracks, draw_zones
from monitor.outputs.still import write_still
from monitor.outputs.text import Colour, draw_text, text_width
from monitor.settings import Settings

_WIDTH_PX = 1280
_PICTURE_PX = (800, 600)
_TEXT_PX = 17
_CURVE_PX = 110
_GAP_PX = 12
_INK: Colour = (240, 240, 240)
_DIM: Colour = (170, 170, 170)
_SPAN_TICKS = 5

_FEWEST_LETTERS = 20
"""Lines are not made shorter than this, whatever fits."""

Rows = Sequence[tuple[str, str]]
"""Names and values, as they are told."""


def suffix_of(path: Path) -> str:
    """Return the suffix of a sheet; raises `UsageError` for another than .png, .jpg and .html."""
    if path.suffix not in (".png", ".jpg", ".html"):
        raise UsageError(f"--figure {path}: the name must end in .png, .jpg or .html.")
    return path.suffix


def write_sheet(
    path: Path, title: str, rows: Rows, around: Around, mark_s: float, settings: Settings
) -> None:
    """Write the sheet as a picture, or as a page that needs nothing but itself.

    Raises `OutputExistsError` where `path` exists, `OutputError`.
    """
    refuse_existing(path)
    sheet = drawn(title, rows, around, mark_s, settings)
    if suffix_of(path) != ".html":
        write_still(path, sheet, ())
        return
    picture = base64.b64encode(cv2.imencode(".png", sheet)[1].tobytes()).decode()
    table = "".join(f"<tr><th>{escape(n)}</th><td>{escape(v)}</td></tr>\n" for n, v in rows)
    page = _PAGE.format(title=escape(title), table=table, picture=picture)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")


_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 1280px; margin: 1rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.3rem }}
img {{ width: 100%; height: auto; border-radius: 6px }}
th {{ text-align: left; vertical-align: top; padding-right: 1.5rem; font-weight: 600; white-space: nowrap }}
td {{ overflow-wrap: anywhere }}
</style>
<h1>{title}</h1>
<img src="data:image/png;base64,{picture}" alt="The picture with mask and flow, and the measures around it">
<table>
{table}</table>
</html>
"""


def drawn(title: str, rows: Rows, around: Around, mark_s: float, settings: Settings) -> Bgr:
    """Return the sheet, uint8 (H, W, 3): the picture at the left, words at its right, measures below."""
    picture = None if around.peak is None else _picture(around.peak, settings)
    left = _GAP_PX if picture is None else picture.shape[1] + 2 * _GAP_PX
    words = _words(title, rows, _WIDTH_PX - left - _GAP_PX)
    top_px = max(0 if picture is None else picture.shape[0], _words_px(words)) + 2 * _GAP_PX
    curves = _curves(around, mark_s, settings)
    sheet = np.empty((top_px + sum(c.shape[0] for c in curves) + _GAP_PX, _WIDTH_PX, 3), np.uint8)
    sheet[:] = GROUND
    if picture is not None:
        sheet[_GAP_PX : _GAP_PX + picture.shape[0], _GAP_PX : _GAP_PX + picture.shape[1]] = picture
    for number, (text, colour) in enumerate(words):
        corner = (left, _GAP_PX + number * _TEXT_PX * 4 // 3)
        draw_text(sheet, text, corner, height_px=_TEXT_PX, colour=colour)
    for curve in curves:
        sheet[top_px : top_px + curve.shape[0], _GAP_PX:-_GAP_PX] = curve
        top_px += curve.shape[0]
    return sheet


def _words_px(words: Sequence[tuple[str, Colour]]) -> int:
    return len(words) * _TEXT_PX * 4 // 3


def _picture(peak: Peak, settings: Settings) -> Bgr:
    height, width = peak.picture.shape[:2]
    scale = min(_PICTURE_PX[0] / width, _PICTURE_PX[1] / height)
    size = round(width * scale), round(height * scale)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas: Bgr = np.ascontiguousarray(cv2.resize(peak.picture, size, interpolation=how))
    draw_heat(canvas, peak.sigma, peak.mask, settings.motion.k_sigma)
    outlines, _ = cv2.findContours(
        cv2.resize(peak.mask, size, interpolation=cv2.INTER_LINEAR) // 128,
        cv2.RETR_EXTERNAL,
        cv2.CHAIN_APPROX_SIMPLE,
    )
    cv2.drawContours(canvas, outlines, -1, (60, 220, 255), 1, cv2.LINE_AA)
    zones = [ZoneOutline(name, zone.role, zone.points) for name, zone in settings.zones.items()]
    draw_zones(canvas, zones, _TEXT_PX)
    draw_flow(canvas, peak.scores.flow)
    draw_tracks(canvas, peak.scores.tracks, (), _TEXT_PX - 3)
    return canvas


def _words(title: str, rows: Rows, width_px: int) -> list[tuple[str, Colour]]:
    lines: list[tuple[str, Colour]] = [(line, _INK) for line in _wrapped(title, width_px)]
    for number, (name, value) in enumerate(rows):
        colour = _DIM if number % 2 else _INK
        lines += [(line, colour) for line in _wrapped(f"{name}: {value}", width_px)]
    return lines


def _wrapped(text: str, width_px: int) -> list[str]:
    """Return lines that fit; letters differ in width, so fewer are tried until all do."""
    for letters in range(len(text), _FEWEST_LETTERS, -1):
        lines = textwrap.wrap(text, letters)
        if all(text_width(line, _TEXT_PX) <= width_px for line in lines):
            return lines
    return textwrap.wrap(text, _FEWEST_LETTERS)


def _curves(around: Around, mark_s: float, settings: Settings) -> list[Bgr]:
    looks = around.trace.looks if around.trace else ()
    if len(looks) < 2:
        return []
    times_s = [look.time_s for look in looks]
    in_event = [look.in_event for look in looks]
    limits = settings.motion.k_sigma, settings.motion.min_area_fraction
    measures = measures_of(looks, *limits, settings.advanced.histogram.kl_threshold_nats)
    curves: list[Bgr] = []
    for measure in measures:
        panel = np.empty((_CURVE_PX, _WIDTH_PX - 2 * _GAP_PX, 3), np.uint8)
        draw_measure(panel, measure, times_s, in_event, mark_s, _TEXT_PX - 3)
        curves.append(panel)
    axis = np.empty((_TEXT_PX + 10, _WIDTH_PX - 2 * _GAP_PX, 3), np.uint8)
    shares = [number / (_SPAN_TICKS - 1) for number in range(_SPAN_TICKS)]
    span_s = times_s[-1] - times_s[0]
    draw_axis(axis, [(s, shown_time(around, times_s[0] + s * span_s)) for s in shares], _TEXT_PX - 3)
    return [*curves, axis]


def shown_time(around: Around, time_s: float) -> str:
    """Return a time as people read it: of the day for a camera, of the recording for a recording."""
    if around.is_live and (moment := around.moment(time_s)) is not None:
        local = moment.astimezone()
        return f"{local:%H:%M:%S}.{local.microsecond // 100_000}"
    return shown_span(time_s)
