"""Recordings tuned as a whole: kept scores, jobs that are missing, proposals that are checked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.capture.opening import Input
from monitor.events.event import Kind
from monitor.settings import Settings
from monitor.settings.values import with_values
from monitor.tuning import session as sessions
from monitor.tuning import store, work
from monitor.tuning.goal import Goal
from monitor.tuning.labels import Happening
from monitor.tuning.scored import Scored
from monitor.tuning.session import Plan, Session, by_name
from monitor.tuning.space import Changes
from monitor.tuning.work import Done, Job, do, scored_by
from monitor.tuning.workers import Workers
from tests.events.given import stream
from tests.tuning.given import false, labelled, motion, scored_of, true, walker, yard

MOTION = frozenset({Kind.MOTION})
ITEMS = (Input("a.mp4"), Input("b.mp4"))


def plan(folder: Path, *items: Input, **more: Any) -> Plan:
    return Plan(items or ITEMS, Settings(), MOTION, folder, **more)


def done(job: Job, told: dict[Changes, tuple[Happening, ...]] | None = None, *, exact: bool = True) -> Done:
    """Return what comes of a job: with each trial nothing, but for those that are given."""
    clock = scored_of(stream(60, rate_hz=1)).clock
    events = tuple((told or {}).get(trial, ()) for trial in job.trials)
    return Done(job, clock, events, (exact,) * len(events))


def test_what_is_measured_with_the_present_settings_comes_first(tmp_path: Path) -> None:
    jobs = plan(tmp_path).jobs()
    assert [job.measured for job in jobs[:2]] == [(), ()]
    assert {job.measured[0].key for job in jobs[2:]} == {"motion.k_sigma", "advanced.analysis.max_height_px"}
    assert len(jobs[0].trials) > 3 * len(jobs[-1].trials)
    assert len(plan(tmp_path, measures=False).jobs()) == 2


def test_settings_that_were_not_tried_on_all_recordings_are_left_out(tmp_path: Path) -> None:
    session, jobs = Session(plan(tmp_path)), plan(tmp_path).jobs()
    for job in jobs[:3]:  # stopped in the middle of the first value that has to be measured anew
        session.take(done(job))
    assert session.recordings == [0, 1]
    assert set(session.told()) == set(jobs[0].trials)


def test_a_recording_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    session, jobs = Session(plan(tmp_path)), plan(tmp_path).jobs()
    session.take(done(jobs[0]))
    session.take(Done(jobs[1], error="b.mp4 holds no video"))
    assert session.recordings == [0]
    assert session.errors == {1: "b.mp4 holds no video"}


def _loud(job: Job) -> dict[Changes, tuple[Happening, ...]]:
    """Return what is told where every setting but one tells two false alarms."""
    usual = (motion(10, 14), motion(30, 32), motion(50, 52))
    better = next(trial for trial in job.trials if len(trial) == 1 and trial[0].steps == 2)
    return {trial: usual[:1] if trial == better else usual for trial in job.trials}


def test_a_proposal_is_scanned_where_a_scan_may_tell_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [labelled(true(10, 14), false(30, 32), false(50, 52))]
    job = plan(tmp_path, ITEMS[0], measures=False).jobs()[0]
    for scanned, proposes in (((motion(10, 14),), True), ((), False)):
        session = Session(plan(tmp_path, ITEMS[0], measures=False))
        session.take(done(job, _loud(job), exact=False))
        monkeypatch.setattr(sessions, "told_by_scan", lambda *_, told=scanned: told)
        monkeypatch.setattr(Session, "_judged", lambda *_: ([()], [True]))
        assert bool(session.propose(said, Goal()).steps) is proposes
        assert session.rescanned


def test_scores_are_kept_and_not_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scored = yard(walkers_s=[5], cats_s=[12])
    path = tmp_path / "yard.mp4"
    path.write_bytes(b"a recording")
    item, times = Input(str(path)), []

    def score(*args: Any, **options: Any) -> Scored:
        times.append(1)
        return scored

    monkeypatch.setattr(work, "score", score)
    first, again = (scored_by(item, Settings(), tmp_path / "scores") for _ in range(2))
    assert len(times) == 1
    assert again.scores == first.scores
    assert (again.obvious, again.frames, again.name) == (first.obvious, first.frames, "yard.mp4")
    # Where the judge alone is told otherwise, what was measured holds; elsewhere it does not.
    scored_by(item, with_values(Settings(), {"motion.min_duration_s": 1.0}), tmp_path / "scores")
    assert len(times) == 1
    scored_by(item, with_values(Settings(), {"motion.k_sigma": 5.0}), tmp_path / "scores")
    assert len(times) == 2


def test_scores_that_were_cut_off_are_measured_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    store.keep(yard(walkers_s=[5], cats_s=[]), path)
    assert store.kept(path, "yard.mp4") is not None
    path.write_bytes(path.read_bytes()[:-200])
    assert store.kept(path, "yard.mp4") is None
    assert store.kept(tmp_path / "none.jsonl.gz", "yard.mp4") is None


def test_a_job_that_is_stopped_gives_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scored = scored_of(stream(20, walker(5, 1), rate_hz=4))
    monkeypatch.setattr(work, "score", lambda *_, **__: scored)
    job = plan(tmp_path).jobs()[0]
    shares: list[float] = []
    short = replace(job, trials=job.trials[:5])

    def heard(share: float) -> bool:
        shares.append(share)
        return False

    found = do(short, heard)
    assert found is not None
    assert len(found.told) == 5
    assert shares == sorted(shares)
    assert do(short, lambda share: share > 0.95) is None


def test_recordings_of_the_same_name_are_told_apart() -> None:
    names = by_name([Input("/one/a.mp4"), Input("/two/a.mp4"), Input("/two/b.mp4")])
    assert names == ["/one/a.mp4", "/two/a.mp4", "b.mp4"]


def test_workers_that_are_stopped_do_no_more(tmp_path: Path) -> None:
    with Workers(1) as workers:
        workers.stop()
        assert list(workers.run(plan(tmp_path).jobs(), lambda number, share: None)) == []
        assert workers.is_stopped
