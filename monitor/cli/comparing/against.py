"""A recording or a live source compared with a reference image, shown and written."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from monitor.capture.opening import Input, inputs_of, open_source
from monitor.cli.comparing.moving import Outputs, show_notes, show_spans
from monitor.cli.comparing.request import DIFFERENT, INTERRUPTED, SAME, Request
from monitor.cli.comparing.tables import TimeBar, coloured, measures_rows, show_written, time_bar
from monitor.comparing.pictures import read_picture
from monitor.comparing.reference import ReferenceComparison
from monitor.comparing.videorecord import frames_record, mean_measures
from monitor.comparing.wording import counted
from monitor.errors import SourceError, UsageError
from monitor.frames import Frame, Gap
from monitor.pipeline import Pace

LIVE_EVERY_S = 0.5
"""Between two looks at a live source: what matters lasts longer, and a small machine has other work, too."""


def run(
    source: str,
    reference: Path,
    request: Request,
    *,
    every_s: float | None,
    duration_s: float | None,
    config: Path | None,
) -> int:
    """Compare a source with a reference as asked, a live one until Ctrl-C; return the exit code."""
    comparison = ReferenceComparison(read_picture(reference).picture, request.options, request.limits)
    told = _Told(comparison, request, (reference.name, _shown(source)))
    is_live = not _is_recording(source)
    interrupted = False
    with ExitStack() as stack:
        try:
            if is_live:
                interval_s = LIVE_EVERY_S if every_s is None else every_s
                items = _live(source, config, interval_s, stack)
                told.go_through(items, duration_s, None)
            else:
                frames, length_s = _recorded(source, every_s or 0.0, stack)
                told.go_through(frames, duration_s, length_s)
        except KeyboardInterrupt:
            # Of a live source it is how one ends it.
            interrupted = not is_live
        finally:
            told.outputs.close()
    comparison.close()
    told.finish(source, reference)
    return INTERRUPTED if interrupted else DIFFERENT if comparison.different else SAME


class _Told:
    """Goes through the pictures, and tells of spans as they begin and end where the source is live."""

    def __init__(self, comparison: ReferenceComparison, request: Request, names: tuple[str, str]) -> None:
        self.outputs = Outputs(request, names)
        self._comparison = comparison
        self._request = request
        self._console = Console(highlight=False, stderr=request.as_json)

    def go_through(
        self, items: Iterable[Frame | Gap], duration_s: float | None, length_s: float | None
    ) -> None:
        """Compare all pictures, as far as `duration_s`; without a known length, tell of spans at once."""
        with time_bar() as bar:
            for item in items:
                if duration_s is not None and _time_s(item) > duration_s:
                    return
                self._take(item, bar, length_s)

    def _take(self, item: Frame | Gap, bar: TimeBar, length_s: float | None) -> None:
        comparison = self._comparison
        before, ended = comparison.current, len(comparison.spans)
        if isinstance(item, Gap):
            comparison.gap(item)
            self._say("no picture" if item.end_s is None else "pictures are back", _time_s(item))
        else:
            self.outputs.add(comparison.add(item), len(comparison.spans))
            bar(item.time_s, length_s)
        if length_s is not None:
            return
        for span in comparison.spans[ended:]:
            self._say(f"same again after {span.end_s - span.start_s:.1f} s", span.end_s)
        began = comparison.current
        if began is not None and (before is None or before.start_s != began.start_s):
            self._say(began.said, began.start_s)

    def _say(self, what: str, time_s: float) -> None:
        self._console.print(f"{time_s:9.2f} s  {escape(what)}", soft_wrap=True)

    def finish(self, source: str, reference: Path) -> None:
        """Write and print what came of it."""
        found = self._comparison
        said = _said(found)
        self.outputs.finish(said, list(found.rows), found.spans)
        if self._request.as_json:
            typer.echo(json.dumps(self._record(source, reference), allow_nan=False))
            return
        self._console.print(coloured(said, different=found.different), soft_wrap=True)
        show_notes(self._console, found.notes)
        show_spans(self._console, found.spans)
        self._console.print(measures_rows(mean_measures(found.rows), "mean"))
        show_written(self.outputs.written)

    def _record(self, source: str, reference: Path) -> dict[str, Any]:
        found = self._comparison
        return {
            "a": str(reference),
            "b": _shown(source),
            "different": found.different,
            "compared": found.compared,
            **frames_record(list(found.rows), found.spans),
            "gaps": [{"start_s": gap.start_s, "end_s": gap.end_s, "why": gap.why} for gap in found.gaps],
            "limits_passed": sorted(found.limits_passed),
            "notes": list(found.notes),
            "files": {role: str(path) for role, path in self.outputs.written.items()},
        }


def _said(found: ReferenceComparison) -> str:
    pictures = f"{counted(found.compared, 'picture')} compared"
    if not found.different:
        return f"same: {pictures}"
    return f"different: {counted(len(found.spans), 'span')}; {pictures}"


def _is_recording(source: str) -> bool:
    return Path(source).exists() and not Path(source).is_char_device()


def _recorded(source: str, every_s: float, stack: ExitStack) -> tuple[Iterable[Frame], float]:
    (item, *more) = inputs_of([source])
    if more:
        raise UsageError(f"{source} holds {len(more) + 1} recordings; name one.")
    try:
        opened = stack.enter_context(open_source(item))
    except SourceError as error:  # a file that a call names is the caller's to choose
        raise UsageError(str(error)) from None
    pace = Pace(1 / every_s if every_s else None)
    frames = (frame for frame in opened if pace.is_due(frame.time_s))
    return frames, opened.info.duration_s or 0.0


def _live(source: str, config: Path | None, every_s: float, stack: ExitStack) -> Iterable[Frame | Gap]:
    from monitor.capture.live.opening import live_reader
    from monitor.clock import SystemClock
    from monitor.settings import load_settings
    from monitor.settings.sources import with_sources

    ((name, camera),) = with_sources(load_settings(config), [source]).cameras.items()
    reader = stack.enter_context(live_reader(camera, name=name, clock=SystemClock()))
    reader.is_due = Pace(1 / every_s if every_s else None).is_due
    return reader


def _time_s(item: Frame | Gap) -> float:
    return item.time_s if isinstance(item, Frame) else item.end_s or item.start_s


def _shown(source: str) -> str:
    return Input(source).name
