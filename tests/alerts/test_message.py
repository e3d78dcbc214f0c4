"""What an alert says."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.alerts.kinds import INTEGRITY, WORDS
from monitor.alerts.message import MOST_LINES, MOST_PICTURES, message_of, payload_of
from monitor.events.event import Kind
from tests.alerts.given import record, stored

VIENNA = ZoneInfo("Europe/Vienna")


def test_an_event_says_what_where_when_and_why() -> None:
    alert = stored(1, body={"record": record(1, zones=["gate"])})
    message = message_of([alert], VIENNA)
    assert message.title == "driveway: Motion (gate)"
    assert message.text == (
        "Motion at driveway, Thu 01 Jan 2026 01:00:00 CET.\n"
        "Where: gate.\n"
        "Why: moved 0.34 of the diagonal, at least 0.03 is needed."
    )


def test_the_end_of_an_event_says_how_long_it_lasted() -> None:
    alert = stored(1, body={"phase": "closed", "record": record(1, end_s=19.2), "more": 2})
    message = message_of([alert], UTC)
    assert message.title == "driveway: Motion ended"
    assert "It lasted 6.7 s." in message.text
    assert "2 more of this kind were not told" in message.text


def test_an_event_without_a_time_has_that_of_its_alert() -> None:
    message = message_of([stored(1, body={"record": record(1, start_time=None)})], VIENNA)
    assert "Thu 01 Jan 2026 01:00:00 CET" in message.text


def test_a_notice_says_its_own_words() -> None:
    words = {"title": "Recording stopped", "message": "The disk is full. Free some space."}
    alert = stored(1, kind="notice", source="", body={"phase": "notice", "record": words})
    message = message_of([alert], UTC)
    assert message.title == "Recording stopped"
    assert message.text.startswith("The disk is full. Free some space.\n")


def test_a_digest_is_one_line_each_and_counts_the_rest() -> None:
    alerts = [stored(number) for number in range(MOST_LINES + 7)]
    message = message_of(alerts, UTC)
    assert message.title == f"{MOST_LINES + 7} alerts from driveway"
    lines = message.text.splitlines()
    assert lines[0] == "Thu 01 Jan 2026 00:00:00 UTC  driveway: Motion"
    assert lines[-1] == "and 7 more"
    assert len(lines) == MOST_LINES + 1


def test_pictures_go_along_if_they_are_there(tmp_path: Path) -> None:
    names = [tmp_path / f"{number}.jpg" for number in range(MOST_PICTURES + 3)]
    for name in names[1:]:
        name.touch()
    alerts = [stored(number, body={"snapshot": str(name)}) for number, name in enumerate(names)]
    assert message_of(alerts, UTC).pictures == tuple(names[1 : MOST_PICTURES + 1])


def test_machines_get_the_record_and_of_a_digest_all_of_them() -> None:
    assert payload_of([stored(1)]) == record(1)
    assert payload_of([stored(1), stored(2)]) == {"schema": 1, "digest": [record(1), record(2)]}


def test_every_kind_has_words() -> None:
    assert set(WORDS) == {*Kind, "notice"}
    assert set(Kind) > INTEGRITY
