"""`monitor coverage` says what was watched, what was blind, and why."""

import json
from pathlib import Path

import pytest

from tests.cli.journals import begin
from tests.cli.process import run
from tests.outputs.journal.given import watched

pytestmark = pytest.mark.usefixtures("here")

SPAN = ("--since", "2025-11-21 11:00", "--until", "2025-11-21 12:16:40", "--utc")


@pytest.fixture(autouse=True)
def _journal(here: Path) -> None:
    blind = watched(400, 500, state="blind")
    begin(watched(0, 750), blind, watched(0, 20, state="warming_up"), watched(500, 900, "gate")).close()


def test_days_and_blind_spans_are_told_plainly_when_piped() -> None:
    result = run("coverage", *SPAN)
    assert result.code == 0
    assert [line.split("\t") for line in result.out.splitlines()] == [
        ["source", "day (UTC)", "watched", "learning", "blind", "mostly because"],
        ["gate", "2025-11-21", "80.0 %", "0.0 s", "1:40", "the program did not run"],
        ["yard", "2025-11-21", "63.0 %", "20.0 s", "5:50", "the program did not run"],
        [""],
        ["source", "blind from (UTC)", "for", "why"],
        ["gate", "2025-11-21 12:15:00", "1:40", "the program did not run"],
        ["yard", "2025-11-21 12:06:40", "1:40", "no reason told"],
        ["yard", "2025-11-21 12:12:30", "4:10", "the program did not run"],
    ]


def test_machines_get_seconds_and_shares() -> None:
    told = json.loads(run("coverage", *SPAN, "--source", "yard", "--json").out)
    assert told["days"] == [
        {
            "source": "yard",
            "day": "2025-11-21",
            "watched_fraction": 0.63,
            "watching_s": 630.0,
            "warming_up_s": 20.0,
            "blind_s": {"the program did not run": 250.0, "no reason told": 100.0},
        }
    ]
    assert told["blind"][0] == {
        "source": "yard",
        "start_time": "2025-11-21T12:06:40.000Z",
        "end_time": "2025-11-21T12:08:20.000Z",
        "why": None,
    }


def test_nearly_all_is_not_all() -> None:
    from monitor.outputs.wording import shown_share

    assert [shown_share(share) for share in (1.0, 0.99999, 0.5, 0.0)] == [
        "100.0 %",
        "99.9 %",
        "50.0 %",
        "0.0 %",
    ]


def test_a_source_that_was_never_heard_of_has_no_days() -> None:
    assert json.loads(run("coverage", "--source", "attic", "--json").out) == {"days": [], "blind": []}
