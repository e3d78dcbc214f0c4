"""The page of the report: what is in it, and what can never get into it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.archive.manifest import State
from monitor.archive.report.contents import contents_of
from monitor.archive.report.page import html_text
from monitor.archive.report.thumbnails import Thumbnails
from tests.archive.given import Scanned, event, hours, picture, scanned

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Page(HTMLParser):
    """Elements with their attributes, the data of the lists, and the text that people see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cards: list[dict[str, Any]] = []
        self.text = ""
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._within = f"{tag} {dict(attrs).get('type', '')}"

    def handle_data(self, data: str) -> None:
        if self._within == "script application/json":
            self.cards += json.loads(data)
        elif not self._within.startswith(("script", "style")):
            self.text += data
        self._within = ""

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.elements if name in (attrs.get("class") or "").split()]


def page(out: Path, zone: str = "UTC", limit_bytes: int = 1_000_000) -> Page:
    return Page(html_text(contents_of(out, ZoneInfo(zone)), Thumbnails(limit_bytes)))


def with_files(out: Path, name: str) -> dict[str, Any]:
    """Write the files of an event and return its record."""
    files = {
        "clip": f"0/clips/{name}.mp4",
        "annotated": "0/annotated.mp4",
        "snapshot": f"0/snapshots/{name}.jpg",
    }
    picture(out / files["snapshot"])
    for path in (files["clip"], files["annotated"]):
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).touch()
    return event(files=files)


def test_an_event_tells_when_where_how_long_and_why(tmp_path: Path) -> None:
    (card,) = page(scanned(tmp_path, Scanned(START, events=[event(zones=["porch"])]))).cards
    assert (card["time"], card["lasted"], card["zones"]) == ("08:00:10", "4.5 s", ["porch"])
    assert card["why"] == [
        ["opened, because", "region 3: 1.27% of the frame (limit 0.08%)"],
        ["closed, because", "it left over the edge"],
    ]
    assert "peak, σ 14.2" in card["measured"]


def test_an_event_links_its_files_quoted_and_the_video_at_its_moment(tmp_path: Path) -> None:
    record = with_files(tmp_path, "a b#1")
    (card,) = page(scanned(tmp_path, Scanned(START, events=[record]))).cards
    assert card["links"] == [
        ["picture", "0/snapshots/a%20b%231.jpg"],
        ["clip", "0/clips/a%20b%231.mp4"],
        ["annotated video", "0/annotated.mp4#t=9.0"],
    ]
    assert card["picture"].startswith("data:image/jpeg;base64,")


def test_pictures_beyond_the_limit_are_shown_from_their_files(tmp_path: Path) -> None:
    record = with_files(tmp_path, "a")
    (card,) = page(scanned(tmp_path, Scanned(START, events=[record])), limit_bytes=0).cards
    assert "picture" not in card
    assert card["links"][0] == ["picture", "0/snapshots/a.jpg"]


def test_files_that_are_gone_or_lie_elsewhere_are_not_linked(tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").touch()
    out = tmp_path / "out"
    files = {"clip": "../secret.mp4", "annotated": "0/gone.mp4", "snapshot": str(tmp_path / "secret.mp4")}
    (card,) = page(scanned(out, Scanned(START, events=[event(files=files)]))).cards
    assert "links" not in card


EVIL = '"><script>alert(1)</script><!--'


def test_names_cannot_become_a_part_of_the_page(tmp_path: Path) -> None:
    record = event(source=EVIL, kind="motion", zones=[EVIL])
    record["evidence"]["opened_by"] = "</script><script>alert(2)</script>"
    recording = Scanned(
        START,
        camera=EVIL,
        name=EVIL.replace("/", "_"),
        events=[record],
        problems=(EVIL,),
        state=State.FAILED,
        error=EVIL,
    )
    safe = Scanned(
        START, events=[event(source="x", zones=["y"])], state=State.FAILED, error="e", problems=("p",)
    )
    found = page(scanned(tmp_path / "evil", recording, replace(recording, start=None)))
    plain = page(scanned(tmp_path / "plain", safe, replace(safe, start=None)))
    assert [tag for tag, _ in found.elements] == [tag for tag, _ in plain.elements]
    assert found.cards[0]["zones"] == [EVIL]
    assert "alert(1)" in found.text


def test_the_page_asks_for_nothing_outside_and_may_not(tmp_path: Path) -> None:
    found = page(scanned(tmp_path, Scanned(START, events=[with_files(tmp_path, "a")])))
    addresses = [attrs.get(key) for _, attrs in found.elements for key in ("src", "href") if attrs.get(key)]
    assert addresses == ["report.csv", "report.json", "report.csv"]
    (policy,) = (a["content"] for _, a in found.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r"https?://", found.source)


def test_the_timeline_shows_what_is_recorded_missing_and_twice(tmp_path: Path) -> None:
    first, _, third = hours(START, 3)
    overlapping = Scanned(START + timedelta(hours=2, minutes=30))
    found = page(scanned(tmp_path, first, third, overlapping))
    (line,) = found.of_class("day")
    bars = {name: [a for a in found.of_class(name) if a.get("x")] for name in ("recorded", "gap", "overlap")}
    assert line["aria-label"] == "2026-03-02: 2:30:00 recorded, 0 events"
    assert {name: len(own) for name, own in bars.items()} == {"recorded": 2, "gap": 1, "overlap": 1}
    # 08:00 to 11:30 in half hours: the gap begins after an hour and lasts one.
    assert bars["gap"][0]["x"] == "28.571%"
    assert bars["gap"][0]["width"] == "28.571%"


def test_days_are_those_of_the_zone_that_is_named(tmp_path: Path) -> None:
    found = page(scanned(tmp_path, *hours(START, 10)), zone="Asia/Tokyo")
    assert [a["datetime"] for tag, a in found.elements if tag == "time"] == ["2026-03-02", "2026-03-03"]
    assert "all times are JST (Asia/Tokyo)" in found.text


def test_days_without_a_recording_are_one_line(tmp_path: Path) -> None:
    later = Scanned(START + timedelta(days=9))
    found = page(scanned(tmp_path, Scanned(START), later))
    assert len(found.of_class("day")) == 2
    assert "8 days without a recording" in found.text


def test_a_file_without_a_time_has_its_events_by_their_place_in_it(tmp_path: Path) -> None:
    found = page(scanned(tmp_path, Scanned(None, events=[event(75.0, 80.0)])))
    assert found.cards[0]["time"] == "at 0:01:15"
    assert "time unknown" in found.text


def test_failed_files_are_told_with_why(tmp_path: Path) -> None:
    failed = Scanned(START, state=State.FAILED, scanned_s=60.0, error="it cannot be decoded any further")
    found = page(scanned(tmp_path, failed))
    assert "it cannot be decoded any further" in found.text
    assert f"{START:%Y-%m-%d %H:%M:%S}" in found.text


def test_seams_that_rest_on_last_writes_are_told_as_such(tmp_path: Path) -> None:
    first, _, third = hours(START, 3, origin="mtime")
    assert "by the time of the last write" in page(scanned(tmp_path, first, third)).text


def test_thousands_of_events_are_data_and_not_elements(tmp_path: Path) -> None:
    few = scanned(tmp_path / "few", Scanned(START, events=[event(float(s)) for s in range(40)]))
    many = scanned(tmp_path / "many", Scanned(START, events=[event(float(s)) for s in range(3000)]))
    found = page(many)
    assert len(found.cards) == 3000
    # Only the marks of the timeline grow, and those up to its width.
    assert len(found.elements) - len(page(few).elements) < 1000


@pytest.mark.parametrize(("count", "is_open"), [(3, True), (200, False)])
def test_few_events_are_open_from_the_start(tmp_path: Path, count: int, is_open: bool) -> None:
    found = page(scanned(tmp_path, Scanned(START, events=[event(float(s)) for s in range(count)])))
    days = [attrs for tag, attrs in found.elements if tag == "details" and "plain" not in str(attrs)]
    assert ["open" in attrs for attrs in days] == [is_open]
