"""The oldest recordings go first, what people marked last, what is open never; and a crash harms nothing."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import SimulatedClock
from monitor.outputs import retention as module
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.check import Check, Disorder
from monitor.outputs.journal.errors import JournalAwayError
from monitor.outputs.journal.held import named_files
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import Filter, find_events
from monitor.outputs.retention import Policy, Recording, Removal, Retention, Why, plan
from tests.outputs.journal.given import NOON, at, closed_entry, entry, event

DAY_S = 86_400
MB = 1_000_000


def recording(
    name: str, age_days: float, size_bytes: int = MB, camera: str = "yard", **flags: Any
) -> Recording:
    moment = NOON - timedelta(days=age_days)
    return Recording(Path(camera) / name, camera, moment, size_bytes, **flags)


def names(removals: list[Removal]) -> list[str]:
    return [removal.recording.path.name for removal in removals]


def planned(
    recordings: list[Recording], policy: Policy, total_bytes: int = 100 * MB, free_bytes: int = 100 * MB
) -> list[str]:
    return names(plan(recordings, policy, NOON, total_bytes, free_bytes))


def test_without_limits_nothing_goes() -> None:
    assert planned([recording("a", 1000)], Policy(), free_bytes=0) == []


def test_events_and_segments_have_ages_of_their_own() -> None:
    given = [recording("clip", 5), recording("segment", 5, is_segment=True), recording("young", 1)]
    assert planned(given, Policy(max_age_s=4 * DAY_S)) == ["clip"]
    assert planned(given, Policy(segment_age_s=4 * DAY_S)) == ["segment"]


def test_what_is_marked_never_goes_for_its_age() -> None:
    given = [recording("kept", 100, is_precious=True), recording("plain", 100)]
    assert planned(given, Policy(max_age_s=DAY_S)) == ["plain"]


def test_a_camera_that_uses_too_much_loses_its_oldest() -> None:
    given = [recording("a", 3), recording("b", 2), recording("c", 1), recording("x", 9, camera="gate")]
    assert planned(given, Policy(camera_bytes=2 * MB)) == ["a"]
    assert planned(given, Policy(camera_bytes=MB)) == ["a", "b"]


def test_a_full_disk_loses_the_oldest_of_all_cameras() -> None:
    given = [recording("a", 3), recording("b", 2, camera="gate"), recording("c", 1)]
    assert planned(given, Policy(free_bytes=10 * MB), free_bytes=8 * MB) == ["a", "b"]
    assert planned(given, Policy(free_fraction=0.1), free_bytes=9 * MB) == ["a"]
    assert planned(given, Policy(free_fraction=0.1), free_bytes=10 * MB) == []


def test_what_goes_for_one_rule_makes_room_for_the_next() -> None:
    given = [recording("old", 9, 3 * MB), recording("b", 2), recording("c", 1)]
    policy = Policy(max_age_s=5 * DAY_S, free_bytes=10 * MB)
    assert planned(given, policy, free_bytes=7 * MB) == ["old"]


def test_what_is_marked_goes_last_for_want_of_room() -> None:
    given = [recording("kept", 9, is_precious=True), recording("old", 5), recording("new", 1)]
    policy = Policy(free_bytes=10 * MB)
    assert planned(given, policy, free_bytes=8 * MB) == ["old", "new"]
    assert planned(given, policy, free_bytes=7 * MB) == ["old", "new", "kept"]


def test_what_is_open_never_goes() -> None:
    given = [recording("open", 9, is_open=True)]
    everything = Policy(max_age_s=1, segment_age_s=1, camera_bytes=0, free_bytes=100 * MB)
    assert planned(given, everything, free_bytes=0) == []


SIZES = st.integers(0, 5 * MB)
RECORDINGS = st.lists(
    st.builds(
        recording,
        st.uuids().map(str),
        st.floats(0, 100),
        SIZES,
        st.sampled_from(["yard", "gate"]),
        is_precious=st.booleans(),
        is_open=st.booleans(),
    ),
    max_size=20,
)


@given(RECORDINGS, st.integers(0, 60 * MB), st.integers(0, 60 * MB))
def test_as_little_goes_as_is_enough(recordings: list[Recording], wanted: int, free: int) -> None:
    gone = [r.recording for r in plan(recordings, Policy(free_bytes=wanted), NOON, 100 * MB, free)]
    may_go = [r for r in recordings if not r.is_open]
    freed = sum(r.size_bytes for r in gone)
    assert len({r.path for r in gone}) == len(gone)
    assert not any(r.is_open for r in gone)
    assert free + freed >= wanted or len(gone) == len(may_go)
    if gone:
        assert free + freed - gone[-1].size_bytes < wanted
        last = max((r.is_precious, r.at) for r in gone)
        assert all((r.is_precious, r.at) >= last for r in may_go if r not in gone)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(journal_url("", tmp_path)) as opened:
        yield opened


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, float], Path]:
    """Puts a megabyte at a place of the output folder, written so many days before noon."""

    def put_at(path: str, age_days: float) -> Path:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(bytes(MB))
        written_s = at(-age_days * DAY_S).timestamp()
        os.utime(target, (written_s, written_s))
        return target

    return put_at


@pytest.fixture
def retention(tmp_path: Path, journal: Journal) -> Callable[..., Retention]:
    def make(**limits: float) -> Retention:
        policy = Policy(**limits)  # type: ignore[arg-type]
        clock = SimulatedClock(NOON)
        return Retention(tmp_path, journal, policy, clock, "pi", usage=lambda folder: (100 * MB, 8 * MB))

    return make


def clips(journal: Journal) -> list[str | None]:
    return [found.record["files"]["clip"] for found in find_events(journal, Filter())]


def test_a_dry_run_lists_and_changes_nothing(
    journal: Journal, put: Callable[[str, float], Path], retention: Callable[..., Retention]
) -> None:
    clip = put("yard/clips/day/a.mp4", 5)
    journal.write([closed_entry(1, -5 * DAY_S, clip="yard/clips/day/a.mp4")])
    (removal,) = retention(max_age_s=DAY_S).listing()
    assert (removal.recording.path, removal.recording.size_bytes, removal.why) == (clip, MB, Why.AGE)
    assert clip.exists()
    assert clips(journal) == ["yard/clips/day/a.mp4"]


def test_a_clip_goes_from_disk_and_record_and_leaves_no_empty_folder(
    journal: Journal, tmp_path: Path, put: Callable[[str, float], Path], retention: Callable[..., Retention]
) -> None:
    put("yard/clips/day/a.mp4", 5)
    journal.write([closed_entry(1, -5 * DAY_S, clip="yard/clips/day/a.mp4")])
    assert names(retention(max_age_s=DAY_S).run()) == ["a.mp4"]
    assert clips(journal) == [None]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["yard"]
    assert list((tmp_path / "yard").iterdir()) == []


def test_segments_and_clips_go_in_the_order_of_their_time(
    journal: Journal, put: Callable[[str, float], Path], retention: Callable[..., Retention]
) -> None:
    put("yard/segments/day/old.mp4", 6)
    put("yard/clips/a.mp4", 5)
    put("yard/segments/day/new.mp4", 4)
    put("yard/segments/day/newest.mp4", 3)
    journal.write([closed_entry(1, -5 * DAY_S, clip="yard/clips/a.mp4")])
    assert names(retention(free_bytes=10 * MB).run()) == ["old.mp4", "a.mp4"]


def test_while_the_journal_is_away_only_segments_go(
    journal: Journal,
    put: Callable[[str, float], Path],
    retention: Callable[..., Retention],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*arguments: object, **options: object) -> None:
        raise JournalAwayError("the journal is away.")

    put("yard/clips/a.mp4", 5)
    put("yard/segments/a.mp4", 4)
    put("yard/segments/b.mp4", 3)
    journal.write([closed_entry(1, -5 * DAY_S, clip="yard/clips/a.mp4")])
    with monkeypatch.context() as patched:
        patched.setattr(module, "named_files", away)
        assert names(retention(free_bytes=100 * MB).run()) == ["a.mp4"]
    assert clips(journal) == ["yard/clips/a.mp4"]


def test_what_is_being_written_stays(
    journal: Journal, put: Callable[[str, float], Path], retention: Callable[..., Retention]
) -> None:
    put("yard/segments/only.mp4", 30)
    put("gate/segments/a.mp4", 30)
    put("gate/segments/.b.part.mp4", 30)
    put("gate/segments/c.mp4", 0.001)
    put("yard/clips/fresh.mp4", 0.0001)
    put("yard/clips/open.mp4", 30)
    journal.write(
        [
            closed_entry(1, -30 * DAY_S, clip="yard/clips/fresh.mp4"),
            entry(event(2, -30 * DAY_S), clip="yard/clips/open.mp4"),
        ]
    )
    everything = retention(max_age_s=1, segment_age_s=1, camera_bytes=0, free_bytes=100 * MB)
    assert names(everything.run()) == ["a.mp4"]


def test_what_the_program_did_not_write_is_never_deleted(
    put: Callable[[str, float], Path], retention: Callable[..., Retention]
) -> None:
    holiday = put("yard/clips/holiday.mp4", 1000)
    notes = put("notes.txt", 1000)
    retention(max_age_s=1, segment_age_s=1, camera_bytes=0, free_bytes=100 * MB).run()
    assert holiday.exists()
    assert notes.exists()


def test_a_path_that_leads_out_of_the_folder_is_never_deleted(
    journal: Journal, tmp_path: Path, put: Callable[[str, float], Path], retention: Callable[..., Retention]
) -> None:
    mine = put("../mine.mp4", 1000)
    journal.write([closed_entry(1, -1000 * DAY_S, clip="../mine.mp4", annotated=str(mine.resolve()))])
    assert retention(max_age_s=1, free_bytes=100 * MB).run() == []
    assert mine.exists()


def test_marks_are_heeded(
    journal: Journal, put: Callable[[str, float], Path], retention: Callable[..., Retention]
) -> None:
    for number, age_days in ((1, 9), (2, 8), (3, 7)):
        put(f"yard/clips/{number}.mp4", age_days)
        journal.write([closed_entry(number, -age_days * DAY_S, clip=f"yard/clips/{number}.mp4")])
    journal.mark(event(1).id, kept=True)
    journal.mark(event(2).id, label=False)
    assert names(retention(max_age_s=DAY_S).listing()) == ["3.mp4"]
    assert names(retention(free_bytes=10 * MB).listing()) == ["3.mp4", "1.mp4"]


@pytest.mark.parametrize(("crash_at", "call"), [("_delete", 1), ("set_state", 2)])
def test_a_crash_in_the_middle_leaves_no_name_without_a_file(
    journal: Journal,
    tmp_path: Path,
    put: Callable[[str, float], Path],
    retention: Callable[..., Retention],
    monkeypatch: pytest.MonkeyPatch,
    crash_at: str,
    call: int,
) -> None:
    for number in (1, 2, 3):
        put(f"yard/clips/{number}.mp4", 5)
        journal.write([closed_entry(number, -5 * DAY_S, clip=f"yard/clips/{number}.mp4")])
    calls = iter(range(10))
    real = getattr(module, crash_at)

    def crash(*arguments: object) -> object:
        if next(calls) == call:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(module, crash_at, crash)
        with pytest.raises(KeyboardInterrupt):
            retention(max_age_s=DAY_S).run()
    for path in named_files(journal, "pi"):
        assert (tmp_path / path).exists()
    assert {finding.what for finding in Check(tmp_path, journal, "pi", NOON).findings()} == {Disorder.GOING}
    retention(max_age_s=DAY_S).run()
    assert list((tmp_path / "yard").iterdir()) == []
    assert list(Check(tmp_path, journal, "pi", NOON).findings()) == []
