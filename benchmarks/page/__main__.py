"""`python -m benchmarks.page`: how long the page's answers take over a million events, into RESULTS.md.

The journal, 900 MB, is made on the first run (some minutes) and kept in the cache.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from starlette.testclient import TestClient

from benchmarks.page.journal import CAMERAS, END, journal_of_a_year
from benchmarks.paths import cache_folder
from benchmarks.results import Cell, measured_on, table, write_sections
from monitor.clock import SimulatedClock
from monitor.outputs.journal.schema import HEAD
from monitor.settings import Settings
from monitor.web.app import create_app
from monitor.web.serving import site_of

HERE = Path(__file__).parent
ROUNDS = 7

_HEAD = ("asked", "CPU ms", "worst", "answer kB")


def _span(days: int, days_ago: int) -> dict[str, Any]:
    end = END - timedelta(days=days_ago)
    return {"from": end - timedelta(days=days), "to": end}


ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"timeline, {days} days, all cameras": ("/api/timeline", _span(days, 0))
        for days in (1, 7, 30, 90, 365)
    },
    "timeline, a day half a year ago": ("/api/timeline", _span(1, 180)),
    "the newest 100 events": ("/api/events", {}),
    "100 events of two cameras": ("/api/events", {"camera": CAMERAS[:2]}),
    "100 of two rare kinds": ("/api/events", {"kind": ["covered", "signal_lost"]}),
    "100 of a kind that never came": ("/api/events", {"camera": CAMERAS[:1], "kind": ["frozen"]}),
    "all cameras with their states": ("/api/cameras", {}),
}


def main() -> None:
    """Measure and write the results."""
    folder = cache_folder() / f"journal-{HEAD}"
    if not folder.exists():
        part = folder.with_name(f"{folder.name}.part")
        print("making the journal", file=sys.stderr)
        journal_of_a_year(part)
        part.rename(folder)
    settings = Settings.model_validate({"outputs": {"folder": folder}, "journal": {"node": "pi"}})
    site = site_of(settings, lambda: settings, SimulatedClock(END))
    with TestClient(create_app(site), base_url="http://localhost", client=("127.0.0.1", 1)) as client:
        rows = [_row(name, client, *asked) for name, asked in ASKED.items()]
    text = (
        "Processor time of one question with its answer as JSON, of client and server together, over a "
        "journal in SQLite with a million events of eight cameras in a year; the median and the worst of "
        f"{ROUNDS}.\n\n"
        f"{table(_HEAD, rows, digits=1)}\n{measured_on(('fastapi', 'sqlalchemy'))}"
    )
    write_sections(HERE / "RESULTS.md", "Speed of the page", {"A million events": text})


def _row(name: str, client: TestClient, path: str, params: dict[str, Any]) -> list[Cell]:
    texts = {key: value.isoformat() if key in ("from", "to") else value for key, value in params.items()}
    took_ms = []
    for _ in range(ROUNDS):
        began_s = time.process_time()
        answer = client.get(path, params=texts)
        took_ms.append((time.process_time() - began_s) * 1e3)
        answer.raise_for_status()
    return [name, median(took_ms), max(took_ms), len(answer.content) / 1e3]


if __name__ == "__main__":
    main()
