"""A day of one camera drawn as SVG: what was recorded, what is missing, what is there twice, the events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from html import escape

from monitor.archive.coverage import Day, Span
from monitor.archive.report.contents import Camera
from monitor.archive.report.reading import Record
from monitor.outputs.wording import shown_kind, shown_length

_DAY_S = 86_400.0

_STEPS_S = (60, 300, 600, 1800, 3600, 7200, 10_800)
"""Between two marks of the axis: round to those who read it."""

_MOST_MARKS = 12

_BINS = 480
"""Events of one kind within such a part of the axis are one mark: about two pixels on a wide screen."""

_HEIGHT_PX = 30
_LANES = {
    "motion": 2.0,
    "light_change": 11.0,
    "scene_change": 11.0,
    "object_left": 11.0,
    "object_removed": 11.0,
}
"""From the top: what moves, what changed, what is wrong with the camera. So not colour alone tells it."""
_LOWEST_LANE, _LANE_PX = 20.0, 8.0
_TWICE_PX = 5
_LEAST = 0.4
"""Per cent of the axis that everything is wide at least, to be seen: four pixels on a wide screen."""

HATCH = (
    '<svg width="0" height="0" class="hidden" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch" width="2" height="6"/></pattern></defs></svg>'
)
"""The pattern of gaps, once for the whole page."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The part of the day, in seconds of a wall's clock, that all days of a page show."""

    start_s: float
    end_s: float
    step_s: int

    def percent(self, clock_s: float) -> float:
        """Return where a time of day is, 0 to 100."""
        return max(0.0, min(100.0, 100.0 * (clock_s - self.start_s) / (self.end_s - self.start_s)))


def axis_of(cameras: Iterable[Camera], zone: tzinfo | None) -> Axis:
    """Return the shortest axis that shows all recordings of all days and begins and ends at a round time."""
    spans = [
        _clock(span, zone) for c in cameras if c.coverage for day in c.coverage.days for span in day.recorded
    ]
    first, last = min((s for s, _ in spans), default=0.0), max((e for _, e in spans), default=_DAY_S)
    step_s = next((s for s in _STEPS_S if (last - first) / s <= _MOST_MARKS - 2), _STEPS_S[-1])
    end_s = min(_DAY_S, -(-last // step_s) * step_s)
    return Axis(min(first // step_s * step_s, end_s - step_s), end_s, step_s)


def axis_svg(axis: Axis) -> str:
    """Return the names of the hours below the days of a camera."""
    count = round((axis.end_s - axis.start_s) / axis.step_s)
    marks = [axis.start_s + n * axis.step_s for n in range(count + 1)]
    texts = "".join(
        f'<text x="{axis.percent(at):.2f}%" y="12"{_anchor(at, axis)}>{int(at // 3600):02d}:'
        f"{int(at % 3600 // 60):02d}</text>"
        for at in marks
    )
    return f'<svg class="axis" height="16" width="100%" aria-hidden="true">{texts}</svg>'


def _anchor(at_s: float, axis: Axis) -> str:
    return ' class="first"' if at_s == axis.start_s else ' class="last"' if at_s == axis.end_s else ""


def day_svg(axis: Axis, day: Day, events: Sequence[Record], zone: tzinfo | None) -> str:
    """Return one day as a line; what it shows is also said in words."""
    bars = (
        *_bars(axis, day.recorded, "recorded", "recorded", zone),
        *_bars(axis, day.gaps, "gap", "no recording", zone),
        *_bars(axis, day.overlaps, "overlap", "recorded twice", zone),
        *_marks(axis, events, zone),
    )
    said = f"{day.day:%Y-%m-%d}: {shown_length(day.recorded_s)} recorded, {len(events)} events"
    return (
        f'<svg class="day" height="{_HEIGHT_PX}" width="100%" role="img" aria-label="{escape(said)}">'
        f"{_grid(axis)}{''.join(bars)}</svg>"
    )


def _grid(axis: Axis) -> str:
    count = round((axis.end_s - axis.start_s) / axis.step_s)
    places = (axis.percent(axis.start_s + n * axis.step_s) for n in range(1, count))
    lines = "".join(f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="0" y2="{_HEIGHT_PX}"/>' for x in places)
    return f'<g class="grid">{lines}</g>'


def _bars(axis: Axis, spans: Iterable[Span], name: str, said: str, zone: tzinfo | None) -> Iterator[str]:
    y = _HEIGHT_PX - _TWICE_PX if name == "overlap" else 0
    for span in spans:
        start, end = (axis.percent(at) for at in _clock(span, zone))
        if end <= 0.0 or start >= 100.0:
            continue
        times = f"{_time(span.start, zone)} to {_time(span.end, zone)}: {said}, {shown_length(span.length_s)}"
        yield (
            f'<rect class="{name}" x="{start:.3f}%" y="{y}" width="{max(end - start, _LEAST):.3f}%" '
            f'height="{_HEIGHT_PX - y}"><title>{escape(times)}</title></rect>'
        )


def _marks(axis: Axis, events: Iterable[Record], zone: tzinfo | None) -> Iterator[str]:
    for (kind, start, end), count in _binned(axis, events, zone).items():
        y = _LANES.get(kind, _LOWEST_LANE)
        said = escape(f"{count} × {shown_kind(kind)}" if count > 1 else shown_kind(kind))
        yield (
            f'<rect class="event {escape(kind)}" x="{start:.2f}%" y="{y}" height="{_LANE_PX}" '
            f'width="{max(end - start, _LEAST):.2f}%"><title>{said}</title></rect>'
        )


def _binned(axis: Axis, events: Iterable[Record], zone: tzinfo | None) -> dict[tuple[str, float, float], int]:
    """Return how many events of each kind lie at each place, to the width of a bin."""
    width = 100.0 / _BINS
    marks: dict[tuple[str, float, float], int] = {}
    for event in events:
        start = datetime.fromisoformat(event["start_time"])
        end = datetime.fromisoformat(event["end_time"]) if event["end_time"] else start
        first, last = (axis.percent(at) // width * width for at in _clock(Span(start, end), zone))
        key = (event["kind"], first, last)
        marks[key] = marks.get(key, 0) + 1
    return marks


def _clock(span: Span, zone: tzinfo | None) -> tuple[float, float]:
    """Return start and end as a clock on the wall shows them on the day of the start, in seconds."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    midnight = datetime.combine(start.date(), datetime.min.time())
    first, last = ((at.replace(tzinfo=None) - midnight) / timedelta(seconds=1) for at in (start, end))
    return first, max(first, min(last, _DAY_S))


def _time(moment: datetime, zone: tzinfo | None) -> str:
    return f"{moment.astimezone(zone):%H:%M:%S}"
