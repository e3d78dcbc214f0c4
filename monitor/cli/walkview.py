"""What `monitor watch --walk-test` shows: what each camera sees, and whether it would be an event."""

import json
import textwrap
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Self, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.text import Text

from monitor.analysis.scores import State
from monitor.cli.watching import line, state_line
from monitor.events.event import Phase
from monitor.live.status import CameraState, CameraStatus
from monitor.live.walk import Sight
from monitor.outputs.records import EventRecord
from monitor.outputs.seen import Seen
from monitor.outputs.wording import shown_kind

HOLD_S = 1.0
"""What came nearest within so long is shown: eyes need that long to read it, and lines come that often."""

_FEW_CAMERAS = 2
"""Of so many cameras two regions each are shown, of more one."""

_WHY_LINES = 2
"""Lines for why something is no event, so that nothing moves up and down."""


class WalkScreen:
    """Shows sights in place on a terminal of 80 columns or more; else writes one line a second and camera.

    May be used from several threads; `now_s` is a clock that only goes forward.
    """

    def __init__(
        self, out: TextIO, *, as_json: bool, cameras: int, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._as_json = as_json
        self._regions = 2 if cameras <= _FEW_CAMERAS else 1
        self._now_s = now_s
        self._console = Console(stderr=True, highlight=False)
        self._lock = threading.Lock()
        self._recent: dict[str, deque[tuple[float, Sight]]] = {}
        self._written_s: dict[str, float] = {}
        self._statuses: dict[str, CameraStatus] = {}
        self._fired: dict[str, str] = {}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal and self._out.isatty() and not self._as_json:
            self._live = Live(console=self._console, transient=False, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(self, *unused: object) -> None:
        if self._live is not None:
            self._live.stop()

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        """Note an event that opened or closed."""
        if phase is Phase.UPDATED:
            return
        with self._lock:
            self._fired[record["source"]] = line(phase, record)
            if self._as_json:
                self._write(json.dumps({"phase": phase.value, **record}))
            elif self._live is None:
                self._write(line(phase, record))
            else:
                self._show()

    def notice(self, title: str, message: str, source: str) -> None:
        """Print what the program has to say of itself."""
        with self._lock:
            self._console.print(f"[yellow]{escape(title)}[/]: {escape(message)}", soft_wrap=True)

    def status(self, status: CameraStatus) -> None:
        """Note how a camera is doing; one that is blind has nothing else to show."""
        with self._lock:
            before = self._statuses.get(status.name)
            self._statuses[status.name] = status
            if self._live is not None:
                self._show()
            elif before is None or (before.state, before.why) != (status.state, status.why):
                self._console.print(escape(state_line(status)), soft_wrap=True)

    def sight(self, sight: Sight) -> None:
        """Take what a camera sees."""
        with self._lock:
            now_s = self._now_s()
            recent = self._recent.setdefault(sight.camera, deque())
            recent.append((now_s, sight))
            while now_s - recent[0][0] > HOLD_S:
                recent.popleft()
            if self._live is not None:
                self._show()
            elif now_s - self._written_s.get(sight.camera, float("-inf")) >= HOLD_S:
                self._written_s[sight.camera] = now_s
                best = self._best(sight.camera)
                self._write(json.dumps({"walk": best.to_json()}) if self._as_json else sight_line(best))

    def _best(self, camera: str) -> Sight:
        """Return the sight of the last second that came nearest, the newest of equals."""
        return max(reversed(self._recent[camera]), key=lambda pair: pair[1].nearness())[1]

    def _write(self, text: str) -> None:
        self._out.write(f"{text}\n")
        self._out.flush()

    def _show(self) -> None:
        assert self._live is not None
        width = self._console.width
        shown = [Text("Walk test: nothing is recorded, no alert is sent. Ctrl-C ends it.", style="dim")]
        for camera in sorted(self._statuses.keys() | self._recent.keys()):
            shown += self._lines(camera, width)
        self._live.update(Group(*shown), refresh=True)

    def _lines(self, camera: str, width: int) -> list[Text]:
        """Return the lines of one camera, always as many."""
        status = self._statuses.get(camera)
        head = Text(camera, style="bold")
        if status is not None and status.state is CameraState.BLIND:
            head.append(f"  blind: {status.why}", style="bold red")
        sight = self._best(camera) if self._recent.get(camera) else None
        if sight is not None:
            clock = "" if sight.wall_time is None else f"  {sight.wall_time.astimezone():%H:%M:%S}"
            head.append(f"{clock}  {sight.state.value.replace('_', ' ')}", style="dim")
        lines = [head]
        for number in range(self._regions):
            seen = sight.seen[number] if sight is not None and number < len(sight.seen) else None
            lines += _region_lines(seen, sight, width, is_first=number == 0)
        lines.append(Text(f"  last: {self._fired.get(camera, 'no event yet')}", style="dim"))
        for each in lines:
            each.truncate(width - 1, overflow="ellipsis")
        return lines


def _region_lines(seen: Seen | None, sight: Sight | None, width: int, *, is_first: bool) -> list[Text]:
    if seen is None:
        words = ""
        if is_first:
            words = sight.veto or "nothing moves" if sight is not None else "no picture yet"
        return [Text(f"  {words}", style="dim"), *(Text() for _ in range(_WHY_LINES))]
    lines = [Text(f"  {_size_of(seen)}")]
    if seen.counts:
        return [*lines, Text("  FIRES", style="bold green"), Text()]
    wrapped = textwrap.wrap(f"no: {seen.rule}: {seen.reason}", width - 4)[:_WHY_LINES]
    why = [Text(f"  {part}", style="yellow") for part in wrapped]
    return [*lines, *why, *(Text() for _ in range(_WHY_LINES - len(why)))]


def _size_of(seen: Seen) -> str:
    where = f", in {', '.join(seen.zones)}" if seen.zones else ""
    return (
        f"#{seen.id}  {seen.peak_sigma:5.1f} σ  {seen.area_fraction:6.2%} of the picture  "
        f"{seen.height_fraction:4.0%} of its height{where}"
    )


def sight_line(sight: Sight) -> str:
    """Return one line: when, where, how large and strong, and whether it would be an event."""
    when = f"{sight.time_s:.1f} s" if sight.wall_time is None else f"{sight.wall_time.astimezone():%H:%M:%S}"
    begins = f"{when} {sight.camera}: "
    if not sight.seen:
        if sight.state is not State.WATCHING or sight.veto:
            return f"{begins}{sight.veto or sight.state.value.replace('_', ' ')}"
        kind = "" if sight.event is None else f", the {shown_kind(sight.event)} is not over yet"
        return f"{begins}nothing moves{kind}"
    seen = sight.seen[0]
    where = f", in {', '.join(seen.zones)}" if seen.zones else ""
    verdict = "fires" if seen.counts else f"does not fire: {seen.rule}: {seen.reason}"
    return (
        f"{begins}{seen.peak_sigma:.1f} σ, {seen.area_fraction:.2%} of the picture, "
        f"{seen.height_fraction:.0%} of its height{where}: {verdict}"
    )
