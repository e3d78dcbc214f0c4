"""What is known of the files of events."""

from pathlib import Path

from monitor.outputs.files import KEPT, EventFiles, FileLedger


def test_what_was_written_for_an_event_is_named_in_its_record(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path)
    ledger.wrote_clip("a", tmp_path / "clips" / "a.mp4", tmp_path / "clips" / "a2.mp4")
    ledger.wrote_snapshot("a", tmp_path / "a.jpg")
    assert ledger.files("a") == EventFiles("clips/a.mp4", None, "a.jpg", None, ("clips/a2.mp4",))
    assert ledger.files("b") == EventFiles()


def test_events_of_long_ago_are_forgotten(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path)
    for number in range(KEPT + 1):
        ledger.wrote_snapshot(str(number), tmp_path / f"{number}.jpg")
    assert ledger.files("0").snapshot is None
    assert ledger.files("1").snapshot == "1.jpg"
    assert ledger.files(str(KEPT)).snapshot == f"{KEPT}.jpg"
