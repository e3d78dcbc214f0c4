"""How long the page's answers take over a journal of a million events."""

import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from starlette.testclient import TestClient

from benchmarks.page.journal import END, EVENTS, year_of_journal
from benchmarks.results import Cell, table
from benchmarks.speed.journals import CAMERAS
from monitor.clock import SimulatedClock
from monitor.settings import Settings
from monitor.web.app import create_app
from monitor.web.serving import site_of

LIMIT_MS = 100.0
"""So much time a question may take."""

_ROUNDS = 7
_BINS = 620
"""What the page asks for on a screen of 1280 pixels."""

_HEAD = ("asked", "CPU ms", "worst CPU ms", "answer kB")


def _span(days: int, days_ago: int = 0) -> dict[str, Any]:
    end = END - timedelta(days=days_ago)
    return {"from": (end - timedelta(days=days)).isoformat(), "to": end.isoformat()}


def _asked() -> dict[str, tuple[str, dict[str, Any]]]:
    spans = {
        f"timeline of {days} days": ("/api/timeline", _span(days) | {"bins": _BINS})
        for days in (1, 7, 30, 90, 365)
    }
    missed = {"near_misses": True}
    return spans | {
        "timeline of a day half a year ago": ("/api/timeline", _span(1, 180)),
        "timeline of a day with near misses": ("/api/timeline", _span(1) | missed),
        "timeline of a year with near misses": ("/api/timeline", _span(365) | missed),
        "timeline of a year of one camera": ("/api/timeline", _span(365) | {"camera": CAMERAS[0]}),
        "timeline of a year on the widest screen": ("/api/timeline", _span(365) | {"bins": 2000}),
        "timeline of half a year on the widest screen": ("/api/timeline", _span(187) | {"bins": 2000}),
        "the newest 100 events": ("/api/events", {}),
        "100 events of two cameras": ("/api/events", {"camera": CAMERAS[:2]}),
        "100 events of a rare kind": ("/api/events", {"kind": "covered"}),
        "100 of a kind that never came": ("/api/events", {"camera": CAMERAS[0], "kind": "frozen"}),
        "100 false alarms": ("/api/events", {"label": "false"}),
        "100 events without a label": ("/api/events", {"label": "none"}),
        "coverage of two weeks": ("/api/coverage", _span(14)),
        "all cameras with their states": ("/api/cameras", {}),
        "health": ("/api/health", {}),
    }


def measured(cache: Path) -> str:
    """Return the section on the answers; makes the journal first where the cache has none."""
    folder = year_of_journal(cache)
    settings = Settings.model_validate({"outputs": {"folder": folder}, "journal": {"node": "pi"}})
    site = site_of(settings, lambda: settings, SimulatedClock(END))
    with TestClient(create_app(site), base_url="http://localhost", client=("127.0.0.1", 1)) as client:
        rows = [_row(name, client, *asked) for name, asked in _asked().items()]
    slow = sum(1 for row in rows if float(row[1] or 0) >= LIMIT_MS)
    return (
        "Processor time of one question with its answer as JSON, of client and server together, over a "
        f"journal in SQLite with {EVENTS:,} events of {len(CAMERAS)} cameras in a year; the median and the "
        f"worst of {_ROUNDS}. {slow} of {len(rows)} take {LIMIT_MS:g} ms or more.\n\n"
        f"{table(_HEAD, rows, digits=1)}"
    )


def _row(name: str, client: TestClient, path: str, params: dict[str, Any]) -> list[Cell]:
    taken_ms = []
    for _ in range(_ROUNDS):
        began_s = time.process_time()
        answer = client.get(path, params=params)
        taken_ms.append((time.process_time() - began_s) * 1e3)
        answer.raise_for_status()
    return [name, median(taken_ms), max(taken_ms), len(answer.content) / 1e3]
