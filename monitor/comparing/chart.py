"""The likeness of two videos over time as a drawing, with what differs shaded, for the page."""

from collections.abc import Iterable, Sequence

from monitor.comparing.faults import Faulty
from monitor.comparing.spans import Row, Span

_POINTS = 1500
"""More are not told apart on a screen; of those that fall together the lowest is drawn."""

_NARROWEST = 0.002
"""Share of the width from which a span can be seen."""


def chart_html(rows: Sequence[Row], spans: Iterable[Span], faults: Iterable[Faulty] = ()) -> str:
    """Return SSIM over time, 0 at the bottom and 1 at the top."""
    if not rows:
        return ""
    start_s, length_s = rows[0].time_s, max(rows[-1].time_s - rows[0].time_s, 1e-6)

    def place(time_s: float) -> float:
        return (time_s - start_s) / length_s

    shaded = "".join(
        f'<rect class="span" x="{place(span.start_s):.5f}" y="0" height="1" '
        f'width="{max(place(span.end_s) - place(span.start_s), _NARROWEST):.5f}"/>'
        for span in spans
    )
    ticks = "".join(
        f'<line class="fault" x1="{at:.5f}" x2="{at:.5f}" y1="0.85" y2="1"/>'
        for at in (place(fault.time_s) for fault in faults)
    )
    line = " ".join(f"{place(time_s):.5f},{1 - ssim:.4f}" for time_s, ssim in _lowest(rows))
    return (
        '<svg class="chart" viewBox="0 0 1 1" preserveAspectRatio="none" role="img" '
        f'aria-label="SSIM over time">{shaded}{ticks}<polyline points="{line}"/></svg>\n'
        f'<p class="axis"><span>{start_s:.1f} s</span><span>SSIM from 0 to 1; shaded: differs; '
        f"ticks below: faulty pictures</span><span>{start_s + length_s:.1f} s</span></p>\n"
    )


def _lowest(rows: Sequence[Row]) -> Iterable[tuple[float, float]]:
    step = max(1, -(-len(rows) // _POINTS))
    for first in range(0, len(rows), step):
        part = [(row.time_s, max(row.measures.ssim or 0.0, 0.0)) for row in rows[first : first + step]]
        yield min(part, key=lambda point: point[1])
