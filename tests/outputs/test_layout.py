"""Names that are claimed before writing."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import OutputError, OutputExistsError
from monitor.events.event import Kind
from monitor.outputs.layout import Layout, claim_folder, refuse_existing, relative, writing
from tests.outputs.scene import event


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    assert claim_folder(tmp_path / "a" / "b", "gate") == tmp_path / "a" / "b" / "gate"
    assert (tmp_path / "a" / "b" / "gate").is_dir()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (claim_folder(tmp_path, "gate") / "events.jsonl").touch()
    (claim_folder(tmp_path, "gate") / "events.jsonl").touch()
    assert claim_folder(tmp_path, "gate") == tmp_path / "gate-3"


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "gate").mkdir()
    assert claim_folder(tmp_path, "gate") == tmp_path / "gate"


def test_a_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "gate").touch()
    assert claim_folder(tmp_path, "gate") == tmp_path / "gate-2"


@pytest.mark.parametrize(
    ("stem", "name"),
    [("../up", "_up"), ("rtsp://host/a?b", "rtsp_host_a_b"), ("..", "source"), ("", "source")],
)
def test_a_stem_cannot_leave_the_parent(tmp_path: Path, stem: str, name: str) -> None:
    assert claim_folder(tmp_path, stem) == tmp_path / name


def test_a_parent_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match=r"out cannot be written: .*\. Choose another output folder"):
        claim_folder(tmp_path / "out", "gate")


def test_nothing_is_left_of_the_probe_for_writing(tmp_path: Path) -> None:
    assert not list(claim_folder(tmp_path, "gate").iterdir())


def test_what_exists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    with pytest.raises(OutputExistsError, match=r"a\.mp4 exists already"):
        refuse_existing(tmp_path / "a.mp4")


def test_what_does_not_exist_is_not_refused(tmp_path: Path) -> None:
    refuse_existing(tmp_path / "a.mp4")
    assert not (tmp_path / "a.mp4").exists()


def test_an_os_error_becomes_a_sentence() -> None:
    with pytest.raises(OutputError, match=r"^x cannot be written: No space left on device"), writing("x"):
        raise OSError(28, "No space left on device")


def test_an_event_names_its_files_by_start_and_kind(layout: Layout) -> None:
    happening = replace(event(), start_s=12.48)
    assert relative(layout.clip(happening), layout.folder) == "clips/00012.480-motion.mp4"
    assert relative(layout.snapshot(happening), layout.folder) == "snapshots/00012.480-motion.jpg"


def test_two_events_of_one_start_and_kind_get_two_names(layout: Layout) -> None:
    first, second, other = (layout.clip(event(name)) for name in ("a", "b", "c"))
    assert [path.stem for path in (first, second, other)] == [
        "00000.400-motion",
        "00000.400-motion-2",
        "00000.400-motion-3",
    ]
    assert layout.clip(event("a")) == first


def test_kinds_do_not_share_names(layout: Layout) -> None:
    layout.clip(event("a"))
    left = replace(event("b"), kind=Kind.OBJECT_LEFT)
    assert layout.clip(left).stem == "00000.400-object_left"


def test_a_file_outside_the_folder_is_still_found_from_it(tmp_path: Path) -> None:
    assert relative(tmp_path / "a.mp4", tmp_path / "out") == "../a.mp4"
