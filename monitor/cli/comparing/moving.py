"""What comparing videos and comparing with a reference have in common: outputs, and what is said of spans."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.cli.comparing.request import Request
from monitor.comparing.chart import chart_html
from monitor.comparing.faults import Faulty
from monitor.comparing.peaks import Peaks
from monitor.comparing.results import REPORT, write_page
from monitor.comparing.sheet import sheet
from monitor.comparing.sidevideo import SideVideo
from monitor.comparing.spans import Moment, Row, Span
from monitor.comparing.videorecord import frames_csv
from monitor.outputs.still import FAST_PNG, write_still

_MOST_SHOWN = 30
"""So many spans are shown on the screen; all are in the record and on the page."""


class Outputs:
    """Writes what was asked for, as moments come and at the end."""

    def __init__(self, request: Request, names: tuple[str, str]) -> None:
        self._request = request
        self._names = names
        self._peaks = Peaks(request.out and request.out / "spans", names)
        self._video = SideVideo(request.out / "side_by_side.mp4", names) if request.out else None
        self._spans = 0
        self.written: dict[str, Path] = {}

    def add(self, moment: Moment, spans: int) -> None:
        """Take a moment; `spans` is how many spans have ended by now."""
        if spans > self._spans:
            self._peaks.span_ended()
            self._spans = spans
        self._peaks.add(moment)
        if self._video is not None:
            self._video.add(moment.time_s, moment.judged)

    def close(self) -> None:
        """Complete the video."""
        if self._video is not None:
            self._video.close()

    def finish(
        self, said: str, rows: Sequence[Row], spans: Sequence[Span], faults: Sequence[Faulty] = ()
    ) -> None:
        """Write all that is about the whole."""
        self._peaks.span_ended()
        out, worst = self._request.out, self._peaks.worst
        if out is not None:
            frames, report, video = out / "frames.csv", out / REPORT, out / "side_by_side.mp4"
            write_page(frames, frames_csv(rows))
            title = " and ".join(self._names)
            write_page(report, self._peaks.page.text(title, said, chart_html(rows, spans, faults)))
            self.written |= {"frames": frames, "report": report}
            self.written |= {"side_by_side": video} if video.exists() else {}
            self.written |= {"spans": out / "spans"} if spans else {}
        if self._request.figure is not None and worst is not None:
            write_still(self._request.figure, sheet(worst.judged.found, self._names, said), FAST_PNG)
            self.written["figure"] = self._request.figure


def show_spans(console: Console, spans: Sequence[Span]) -> None:
    """Print when there were differences."""
    if not spans:
        return
    table = Table(box=HORIZONTALS)
    for name in ("from s", "to s", "pictures"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("at its worst", ratio=1)
    for span in spans[:_MOST_SHOWN]:
        worst = f"{span.peak_s:.2f} s: {span.said}"
        table.add_row(f"{span.start_s:.2f}", f"{span.end_s:.2f}", str(span.frames), escape(worst))
    console.print(table)
    if len(spans) > _MOST_SHOWN:
        console.print(f"and {len(spans) - _MOST_SHOWN} more; --json and report.html have all")


def show_notes(console: Console, notes: Iterable[str]) -> None:
    """Print what had to be done."""
    for note in notes:
        console.print(f"[yellow]{escape(note)}[/]", soft_wrap=True)
