"""What the journal, the kept scores and the files of a live camera tell of a moment."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.clock import SimulatedClock
from monitor.errors import UsageError
from monitor.events.judge import Judge
from monitor.explaining.answer import Verdict
from monitor.explaining.asked import ask_live, explain_live
from monitor.frames import Frame
from monitor.outputs.files import FileLedger
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import Filter, find_events
from monitor.outputs.journal.sink import JournalSink
from monitor.outputs.journal.writer import JournalWriter
from monitor.outputs.scorestore import ScoreKeeper
from monitor.outputs.sink import Observation
from monitor.settings import Settings
from tests.events.given import stream, traveller, usual_limits

NOON = datetime(2025, 11, 21, 12, tzinfo=UTC)
LASTS_S = 60


class Now:
    """Does jobs at once."""

    def add(self, job: Callable[[], object]) -> None:
        job()


def at(time_s: float) -> datetime:
    return NOON + timedelta(seconds=time_s)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    base = Settings()
    return base.model_copy(update={"outputs": base.outputs.model_copy(update={"folder": tmp_path})})


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Journal]:
    """A minute of a yard: somebody crosses from 10 to 14 s, something small from 30 to 32 s."""
    clock, worker = SimulatedClock(NOON), Now()
    url = journal_url("", tmp_path)
    with JournalWriter(lambda: Journal.open(url), tmp_path, clock, "pi") as writer:
        anyone: Any = worker
        sinks: list[Any] = [
            ScoreKeeper(tmp_path / "yard", anyone, lambda: True, days=7, most_bytes=10**9),
            JournalSink(writer, "yard", FileLedger(tmp_path), clock),
        ]
        walker = traveller(10, 14, speed_per_s=0.2)
        small = traveller(30, 32, number=2, area_fraction=0.0005)
        numbers = iter(range(100))
        judge = Judge(usual_limits(), "yard", lambda: f"{next(numbers):08d}-0000-4000-8000-000000000000")
        plane = np.zeros((4, 4), np.uint8)
        for one in stream(LASTS_S, walker, small, rate_hz=10):
            scores = replace(one, wall_time=at(one.time_s))
            verdict = judge.update(scores)
            frame = Frame(one.index, one.time_s, plane, None, lambda: plane, scores.wall_time)
            for sink in sinks:
                sink.take(Observation(frame, scores, plane, None, verdict.changes, verdict.near_misses))
        for sink in sinks:
            sink.close()
    with Journal.open(url) as journal:
        yield journal


@pytest.mark.parametrize(
    ("time_s", "verdict"),
    [
        (12, Verdict.FIRED),
        (16, Verdict.FIRED_NEAR),
        (31, Verdict.NEAR_MISS),
        (50, Verdict.NOTHING_MOVED),
        (-100, Verdict.NOT_RUNNING),
        (200, Verdict.NOT_RUNNING),
    ],
)
def test_each_moment_is_answered(watched: Journal, settings: Settings, time_s: float, verdict: str) -> None:
    answer, _ = ask_live(watched, "yard", at(time_s), settings)
    assert answer.verdict == verdict, answer.sentence


def test_the_kept_scores_tell_the_rule_with_its_values(watched: Journal, settings: Settings) -> None:
    answer, around = ask_live(watched, "yard", at(31), settings)
    assert (answer.rule, answer.measured, answer.limit) == ("min_area", 0.0005, 0.0008)
    assert around.origin.startswith("the scores that were kept")


def test_without_kept_scores_the_journal_answers_and_says_what_keeps_them(
    watched: Journal, settings: Settings
) -> None:
    for path in (settings.outputs.folder / "yard").rglob("*.gz"):
        path.unlink()
    answer, around = ask_live(watched, "yard", at(31), settings)
    assert (answer.verdict, answer.rule) == (Verdict.NEAR_MISS, "min_area")
    assert "retention.score_days" in around.origin


def test_an_event_is_told_from_its_first_sight_to_its_end(watched: Journal, settings: Settings) -> None:
    (event,) = find_events(watched, Filter())
    explained = explain_live(watched, event, settings, picture=True)
    assert [step.rule for step in explained.steps] == ["min_duration", None]
    counted = explained.around.moment(explained.steps[-1].start_s)
    assert counted is not None
    assert at(10.3) <= counted <= at(11)
    assert explained.around.notes == ("There is no clip of it, so its mask and flow cannot be shown.",)


def test_an_unknown_camera_is_told_with_those_that_are_known(watched: Journal, settings: Settings) -> None:
    with pytest.raises(UsageError, match="knows no camera 'gate'; there are: yard"):
        ask_live(watched, "gate", at(12), settings)


def test_what_is_yet_to_come_is_not_asked(watched: Journal, settings: Settings) -> None:
    with pytest.raises(UsageError, match="is yet to come"):
        ask_live(watched, "yard", datetime.now(UTC) + timedelta(hours=1), settings)
