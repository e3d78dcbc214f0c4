"""What happens is told to whoever listens."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.outbox import StoredAlert
from monitor.web import feed as feeds
from monitor.web.feed import Feed, Listener, News
from monitor.web.site import Site
from tests.outputs.journal.given import NOON, closed_entry, entry, event
from tests.web.given import site

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at once, not every second."""
    monkeypatch.setattr(feeds, "LOOK_S", 0.001)


def heard(made: Site, *happenings: Callable[[], Any]) -> list[News]:
    """Let things happen one after the other; return what is told first after each, and before all of them."""

    async def listen() -> list[News]:
        feed = Feed(made)
        async with feed.listening() as listener:
            told = [await listener.next(PATIENCE_S)]
            for happens in happenings:
                await asyncio.to_thread(happens)
                told.append(await listener.next(PATIENCE_S))
        return [news for news in told if news is not None]

    return asyncio.run(listen())


def test_what_was_before_is_no_news_but_how_many_alerts_wait(tmp_path: Path) -> None:
    assert heard(site(tmp_path, closed_entry(1))) == [News("alerts", None, {"waiting": 0})]


def test_an_event_is_told_when_it_begins_and_when_it_has_ended(tmp_path: Path) -> None:
    made = site(tmp_path, closed_entry(1))
    _, began, ended = heard(
        made,
        lambda: made.journal.write([entry(event(2, 10))]),
        lambda: made.journal.write([entry(event(2, 10, 13))]),
    )
    assert (began.kind, began.source, began.body["is_open"]) == ("event", "yard", True)
    assert (ended.body["id"], ended.body["is_open"]) == (began.body["id"], False)


def test_alerts_that_wait_are_counted(tmp_path: Path) -> None:
    made = site(tmp_path)
    alert = StoredAlert("1", "door", "k", "notice", "yard", NOON, NOON, 0, {}, "waiting", None)
    _, waits, sent = heard(made, lambda: made.outbox.add(alert), lambda: made.outbox.sent("1", NOON))
    assert (waits.kind, waits.body, sent.body) == ("alerts", {"waiting": 1}, {"waiting": 0})


def test_who_is_too_slow_is_told_to_ask_for_all() -> None:
    async def overrun() -> News | None:
        listener = Listener()
        for number in range(1000):
            listener.tell(News("event", "yard", {"number": number}))
        return await listener.next(PATIENCE_S)

    assert asyncio.run(overrun()) == News("again", None, {})
