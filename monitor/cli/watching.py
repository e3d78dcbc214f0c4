"""What `monitor watch` shows: events as they open and close, and how each camera is doing."""

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from monitor.events.event import Phase
from monitor.live.status import CameraState, CameraStatus
from monitor.live.walk import Sight
from monitor.outputs.records import EventRecord

_COLOURS = {
    CameraState.WATCHING: "green",
    CameraState.BLIND: "red",
    CameraState.RESTARTING: "red",
}


class Screen:
    """Events go to `out`, one line each; how cameras are doing to standard error, in a terminal as a table.

    Without a terminal only changes of state are told. May be used from several threads.
    """

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._console = Console(stderr=True, highlight=False)
        self._lock = threading.Lock()
        self._statuses: dict[str, CameraStatus] = {}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(console=self._console, transient=True, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(self, *unused: object) -> None:
        if self._live is not None:
            self._live.stop()

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        """Print an event that opened or closed, with why."""
        if phase is not Phase.UPDATED:
            self._print(
                json.dumps({"phase": phase.value, **record}) if self._as_json else line(phase, record)
            )

    def notice(self, title: str, message: str, source: str) -> None:
        """Print what the program has to say of itself."""
        with self._lock:
            self._console.print(f"[yellow]{escape(title)}[/]: {escape(message)}", soft_wrap=True)

    def sight(self, sight: Sight) -> None:
        """Nothing is shown of it but in a walk test, which has a screen of its own."""

    def status(self, status: CameraStatus) -> None:
        """Show how a camera is doing."""
        with self._lock:
            before = self._statuses.get(status.name)
            self._statuses[status.name] = status
            if self._live is not None:
                self._live.update(self._table(), refresh=True)
            elif before is None or (before.state, before.why) != (status.state, status.why):
                self._console.print(escape(state_line(status)), soft_wrap=True)

    def _print(self, text: str) -> None:
        with self._lock:
            if self._live is not None and self._out.isatty():
                self._console.print(escape(text), soft_wrap=True)
            else:
                self._out.write(text + "\n")
                self._out.flush()

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for column in ("camera", "state", "picture", "rate", "dropped", "events", "cpu", "recording"):
            table.add_column(column)
        for status in self._statuses.values():
            colour = _COLOURS.get(status.state, "yellow")
            size = f"{status.width_px}x{status.height_px}" if status.width_px else "—"
            table.add_row(
                escape(status.name),
                f"[{colour}]{escape(_state(status))}[/]",
                size,
                "—" if status.rate_hz is None else f"{status.rate_hz:.1f}/s",
                str(status.dropped),
                f"{sum(status.events.values())}"
                + (f" ({status.open_events} open)" if status.open_events else ""),
                "—" if status.cpu_fraction is None else f"{status.cpu_fraction:.0%}",
                status.recording if status.recording in ("on", "off") else "stopped",
            )
        return table


def line(phase: Phase, record: EventRecord) -> str:
    """Return the line that tells of an event: when, where, what and why."""
    moment = record["start_time" if phase is Phase.OPENED else "end_time"]
    time = datetime.fromisoformat(moment).astimezone().strftime("%H:%M:%S") if moment else "--:--:--"
    kind = record["kind"].replace("_", " ")
    zones = f" in {', '.join(record['zones'])}" if record["zones"] else ""
    evidence = record["evidence"]
    if phase is Phase.OPENED:
        return f"{time} {record['source']}: {kind} began{zones}: {evidence['opened_by']}"
    lasted_s = (record["end_s"] or record["start_s"]) - record["start_s"]
    return f"{time} {record['source']}: {kind} ended after {lasted_s:.1f} s{zones}: {evidence['closed_by']}"


def state_line(status: CameraStatus) -> str:
    """Return the line that tells of a camera's state."""
    return f"{status.name}: {_state(status)}"


def _state(status: CameraStatus) -> str:
    state = status.state.value.replace("_", " ")
    return f"{state}: {status.why}" if status.why else state
