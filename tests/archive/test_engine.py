"""What is there already is not scanned again, and what is not is."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.archive.engine import Wanted
from monitor.archive.manifest import Entry, State, read
from monitor.archive.task import Task
from monitor.capture.opening import Input
from monitor.errors import SourceNotFoundError
from tests.archive.fakes import Here, found, scan


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def recording(folder: Path, name: str = "a.mp4", content: bytes | None = None) -> Input:
    path = folder / name
    path.write_bytes(name.encode() if content is None else content)
    return Input(str(path))


def failing(task: Task) -> Entry:
    return task.failed(f"{task.name} is no video.")


def stopped(task: Task) -> Entry:
    return replace(found(task), state=State.STOPPED)


def test_what_was_scanned_is_not_scanned_again(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    assert scan(out, [item])[0] == ["a.mp4 scanned"]
    told, known = scan(out, [item])
    assert told == ["a.mp4 done"]
    assert [entry.folder for entry in known] == ["a"]


def test_a_moved_recording_is_known_at_its_new_place(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    scan(out, [item])
    moved = tmp_path / "moved.mp4"
    Path(item.address).rename(moved)
    assert scan(out, [Input(str(moved))])[0] == ["moved.mp4 done"]
    assert [entry.address for entry in read(out)] == [str(moved)]


def test_the_same_content_is_scanned_once(tmp_path: Path, out: Path) -> None:
    items = [recording(tmp_path, name, b"same") for name in ("a.mp4", "b.mp4")]
    told, known = scan(out, items)
    assert told == ["a.mp4 scanned", "b.mp4 is a.mp4"]
    assert len(known) == 1


def test_other_content_under_the_same_name_is_scanned_into_a_folder_of_its_own(
    tmp_path: Path, out: Path
) -> None:
    scan(out, [recording(tmp_path, content=b"before")])
    told, known = scan(out, [recording(tmp_path, content=b"after")])
    assert told == ["a.mp4 scanned"]
    assert known[0].folder == "a-2"
    assert (out / "a").is_dir()


def test_what_was_scanned_with_other_settings_is_left_and_told(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    scan(out, [item])
    assert scan(out, [item], "motion.k_sigma=5")[0] == ["a.mp4 stale"]
    assert scan(out, [item], "motion.k_sigma=5", again=True)[0] == ["a.mp4 scanned"]
    assert scan(out, [item], "motion.k_sigma=5")[0] == ["a.mp4 done"]


def test_again_repeats_nothing_that_is_up_to_date(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    scan(out, [item])
    assert scan(out, [item], again=True)[0] == ["a.mp4 done"]


def test_what_could_not_be_read_is_tried_again_only_when_asked(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    scan(out, [item], executor=Here(failing))
    assert scan(out, [item])[0] == ["a.mp4 failed"]
    assert scan(out, [item], again=True)[0] == ["a.mp4 scanned"]


def test_a_recording_that_has_grown_since_it_could_not_be_read_is_tried(tmp_path: Path, out: Path) -> None:
    scan(out, [recording(tmp_path, content=b"half")], executor=Here(failing))
    assert scan(out, [recording(tmp_path, content=b"half and half")])[0] == ["a.mp4 scanned"]


def test_what_was_stopped_is_done_again_in_its_place(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    scan(out, [item], executor=Here(stopped))
    assert (out / "a").is_dir()
    told, known = scan(out, [item])
    assert (told, known[0].folder, known[0].state) == (["a.mp4 scanned"], "a", State.DONE)


def test_an_output_that_is_asked_for_and_lacks_is_made(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    scan(out, [item], "outputs.annotate=false")
    assert scan(out, [item], "outputs.annotate=false", "outputs.snapshots=false")[0] == ["a.mp4 done"]
    assert scan(out, [item])[0] == ["a.mp4 scanned"]


def test_scores_that_are_asked_for_are_made_once(tmp_path: Path, out: Path) -> None:
    item, scores = recording(tmp_path), tmp_path / "scores.csv"
    scan(out, [item])

    def with_scores(task: Task) -> Entry:
        scores.touch()
        return replace(found(task), scores=str(scores))

    assert scan(out, [Wanted(item, scores)], executor=Here(with_scores))[0] == ["a.mp4 scanned"]
    assert scan(out, [Wanted(item, scores)])[0] == ["a.mp4 done"]
    scores.unlink()
    assert scan(out, [Wanted(item, scores)])[0] == ["a.mp4 scanned"]


def test_where_its_results_were_removed_a_recording_is_scanned_again(tmp_path: Path, out: Path) -> None:
    item = recording(tmp_path)
    scan(out, [item])
    shutil.rmtree(out / "a")
    assert scan(out, [item])[0] == ["a.mp4 scanned"]


def test_what_crashes_its_process_is_failed_and_leaves_no_folder(tmp_path: Path, out: Path) -> None:
    def crash(task: Task) -> str:
        found(task)
        return "a.mp4 crashed its decoder (SIGSEGV)."

    _, (entry,) = scan(out, [recording(tmp_path)], executor=Here(crash))
    assert (entry.state, entry.error) == (State.FAILED, "a.mp4 crashed its decoder (SIGSEGV).")
    assert not (out / "a").exists()
    assert read(out) == [entry]


def test_what_a_killed_scan_left_is_removed_and_what_it_remembered_is_kept(tmp_path: Path, out: Path) -> None:
    items = [recording(tmp_path, name) for name in ("a.mp4", "b.mp4")]
    scan(out, items[:1])
    (out / "a" / ".unfinished").touch()  # killed between remembering it and taking the mark away
    (out / "b").mkdir()
    (out / "b" / ".unfinished").touch()
    (out / "b" / "events.jsonl").write_text("half", encoding="utf-8")
    assert scan(out, items)[0] == ["a.mp4 done", "b.mp4 scanned"]
    assert {path.name for path in out.iterdir() if path.is_dir()} == {"a", "b"}
    assert not list(out.rglob(".unfinished"))


MISSING = Input("x.mp4", error=SourceNotFoundError("x.mp4 does not exist; check the path."))


def test_where_nothing_is_there_it_is_told_and_not_remembered(tmp_path: Path, out: Path) -> None:
    told, (entry,) = scan(out, [MISSING])
    assert (told, entry.error) == (["x.mp4 scanned"], "x.mp4 does not exist; check the path.")
    assert read(out) == []


def test_what_is_missing_among_others_is_remembered_until_it_is_there(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scan(out, [MISSING, recording(tmp_path)])
    scan(out, [MISSING, recording(tmp_path)])
    assert [(one.name, one.state) for one in read(out)] == [("x.mp4", State.FAILED), ("a.mp4", State.DONE)]
    Path("x.mp4").write_bytes(b"now it is")
    scan(out, [Input("x.mp4"), recording(tmp_path)])
    assert [(entry.name, entry.state) for entry in read(out)] == [
        ("a.mp4", State.DONE),
        ("x.mp4", State.DONE),
    ]


def test_a_reader_that_goes_away_ends_the_scan(tmp_path: Path, out: Path) -> None:
    items = [recording(tmp_path, name) for name in ("a.mp4", "b.mp4")]

    def gone(task: Task) -> Entry:
        found(task)
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        scan(out, items, executor=Here(gone))
    assert (out / "a").exists()  # no clearing up while something may still be written


def test_thousands_of_recordings_are_gone_through_once(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda number: None)  # which is most of the time, and not what is tested
    items = [recording(tmp_path, f"{number}.mp4") for number in range(2000)]
    shared = out / "all"

    def quick(task: Task) -> Entry:
        shared.mkdir(parents=True, exist_ok=True)
        return replace(task.failed(""), state=State.DONE, error=None, folder="all", outputs=("clips",))

    bare = ("outputs.annotate=false", "outputs.snapshots=false", "outputs.contact_sheet=false")
    assert len(scan(out, items, *bare, executor=Here(quick))[1]) == 2000
    told, known = scan(out, items, *bare)
    assert set(told) == {f"{number}.mp4 done" for number in range(2000)}
    assert len(known) == len(read(out)) == 2000
