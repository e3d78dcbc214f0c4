"""What a browser waits for and fetches: the first view of the page over a journal of a million events."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.page.journal import END, year_of_journal
from benchmarks.results import Cell, table
from monitor.clock import SimulatedClock
from monitor.settings import Settings
from monitor.web.serving import site_of
from tests.web.chromium import chromium
from tests.web.serving import served

LIMIT_S, LIMIT_KB = 1.0, 200.0
_ROUNDS = 5
_HEAD = ("view", "first drawn, wall ms", "worst", "kB sent", "requests")

VIEWS = {
    "live": ".tile",
    "timeline": "canvas.lanes[aria-label*=events]",
    "events": "a.event",
    "coverage": "table",
    "settings": ".part",
}
"""The first views that somebody may open, and what each has when there is something to look at."""

_WAITING = """([selector]) => new Promise((done) => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 2);
  look();
})"""

_SENT = """() => [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")]
  .map((each) => each.transferSize)"""


def measured(cache: Path) -> str:
    """Return the section on first views, each in a browser that has never seen the page."""
    with _page(cache) as url, chromium() as browser:
        rows = [_row(browser, url, view) for view in VIEWS]
    return (
        f"Chromium, nothing kept from before; the median and the worst of {_ROUNDS} from the address to what "
        f"is to be seen, in wall time; what came over the line with its heads. The marks are {LIMIT_S:g} s "
        f"and {LIMIT_KB:g} kB.\n\n{table(_HEAD, rows, digits=1)}"
    )


@contextmanager
def _page(cache: Path) -> Iterator[str]:
    folder = year_of_journal(cache)
    settings = Settings.model_validate({"outputs": {"folder": folder}, "journal": {"node": "pi"}})
    with served(site_of(settings, lambda: settings, SimulatedClock(END))) as port:
        yield f"http://127.0.0.1:{port}/"


def _row(browser: Any, url: str, view: str) -> list[Cell]:
    taken_ms, sent = [], [0.0]
    for _ in range(_ROUNDS):
        with browser.new_page() as page:
            page.goto(f"{url}#/{view}", wait_until="commit")
            taken_ms.append(float(page.evaluate(_WAITING, [VIEWS[view]])))
            sent = page.evaluate(_SENT)
    return [view, median(taken_ms), max(taken_ms), sum(sent) / 1e3, len(sent)]
