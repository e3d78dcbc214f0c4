"""Triage finds what a full scan finds, and decodes everything where it cannot know."""

import json
from pathlib import Path

import pytest

from monitor import app
from monitor.archive.manifest import Entry
from monitor.archive.running import doubts_of, run
from monitor.archive.task import Task
from monitor.archive.triage.plan import TriagePlan, plan
from monitor.capture.opening import Input
from monitor.scanning import scan
from monitor.settings import Settings, load_settings
from tests.archive.footage import write_recording

PASSAGES = (60.3, 122.7)
BARE = ["outputs.annotate=false", "outputs.snapshots=false", "outputs.contact_sheet=false"]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiet place for three minutes, crossed twice, each time in 5 s."""
    path = tmp_path_factory.mktemp("triage") / "quiet.mkv"
    write_recording(path, 180, PASSAGES)
    return path


@pytest.fixture(scope="module")
def planned(recording: Path) -> TriagePlan:
    return plan(Input(str(recording)), load_settings(None, None, BARE), "auto")


def settings(out: Path, *more: str) -> Settings:
    return load_settings(None, None, [*BARE, "clips.enabled=false", f"outputs.folder={out}", *more])


def events(folder: Path) -> list[tuple[str, float, float, int]]:
    records = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return [(r["kind"], r["start_s"], r["end_s"], r["start_frame"]) for r in records]


def scanned(entry: Entry, out: Path) -> list[tuple[str, float, float, int]]:
    assert entry.folder is not None
    return events(out / entry.folder)


def test_a_quiet_recording_is_decoded_in_small_part(planned: TriagePlan) -> None:
    assert planned.parts is not None, planned.reason
    assert planned.decoded_share < 0.6
    for start_s in PASSAGES:
        assert any(s.start_s < start_s and start_s + 5 < s.end_s for s in planned.parts.spans)


def test_the_reason_says_how_telling_packets_are(planned: TriagePlan) -> None:
    assert "packets tell enough" in planned.reason


def test_triage_finds_the_events_of_a_full_scan(recording: Path, planned: TriagePlan, tmp_path: Path) -> None:
    found = []
    for parts in (None, planned.parts):
        outcome = scan(Input(str(recording)), settings(tmp_path), app.Extras(), lambda _: False, parts=parts)
        assert outcome.folder is not None
        assert outcome.scanned_s == pytest.approx(179.9)
        found.append(events(outcome.folder))
    full, triaged = found
    assert [event[0] for event in full] == ["motion", "motion"] == [event[0] for event in triaged]
    for one, other in zip(full, triaged, strict=True):
        assert one[1:3] == pytest.approx(other[1:3], abs=0.35)
        assert one[3] == pytest.approx(other[3], abs=4)


def test_the_manifest_tells_what_was_decoded(recording: Path, tmp_path: Path) -> None:
    entry = run(Task(Input(str(recording)), settings(tmp_path, "archive.triage=auto")), lambda _: False)
    assert entry.frames == 1800  # all of the recording, though its end looks quiet and was not decoded
    assert entry.triage is not None
    assert entry.triage.mode == "auto"
    assert entry.triage.spans is not None
    assert 0 < entry.triage.decoded_share < 0.6
    assert Entry.from_line(entry.to_line()).triage == entry.triage
    assert len(scanned(entry, tmp_path)) == 2


def test_off_plans_nothing(recording: Path, tmp_path: Path) -> None:
    entry = run(Task(Input(str(recording)), settings(tmp_path, "archive.triage=off")), lambda _: False)
    assert entry.triage is None


def test_an_output_of_every_frame_needs_every_frame(recording: Path) -> None:
    made = plan(Input(str(recording)), load_settings(None, None, []), "on", every_frame=True)
    assert made.parts is None
    assert "every frame" in made.reason


def test_a_short_recording_is_decoded_in_full(tmp_path: Path) -> None:
    write_recording(tmp_path / "short.mkv", 20, [5.0])
    made = plan(Input(str(tmp_path / "short.mkv")), load_settings(None, None, BARE), "auto")
    assert made.parts is None
    assert "it lasts 20 s" in made.reason
    assert plan(Input(str(tmp_path / "short.mkv")), load_settings(None, None, BARE), "on").parts is not None


def test_noise_that_hides_the_smallest_thing_means_that_all_is_decoded(tmp_path: Path) -> None:
    write_recording(tmp_path / "noisy.mkv", 130, [], noise=6.0)
    made = plan(Input(str(tmp_path / "noisy.mkv")), load_settings(None, None, BARE), "auto")
    assert made.parts is None
    assert made.reason.startswith("packets tell too little: the smallest thing looked for makes them grow")
    assert doubts_of(made) == ()
    trusted = plan(Input(str(tmp_path / "noisy.mkv")), load_settings(None, None, BARE), "on")
    assert trusted.parts is not None
    (doubt,) = doubts_of(trusted)
    assert doubt.startswith("events may be missing: packets tell too little")


def test_where_every_picture_is_a_key_frame_all_is_decoded(tmp_path: Path) -> None:
    write_recording(tmp_path / "mjpeg.avi", 125, [], codec="mjpeg")
    made = plan(Input(str(tmp_path / "mjpeg.avi")), load_settings(None, None, BARE), "auto")
    assert made.parts is None
    assert "every picture is a key frame" in made.reason


def test_a_sample_that_holds_an_event_means_that_packets_do_not_tell(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what packets and looks found taken away, the trial meets the passages itself."""
    monkeypatch.setattr("monitor.archive.triage.plan.spans_of", lambda *_: [])
    monkeypatch.setattr("monitor.archive.triage.trial._LEAST_S", 60.0)
    made = plan(Input(str(recording)), load_settings(None, None, BARE), "auto")
    assert made.parts is None
    assert "in a sample of what looked quiet there is an event (motion at" in made.reason


def test_what_cannot_be_read_is_left_to_the_scan(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video at all")
    made = plan(Input(str(tmp_path / "broken.mp4")), load_settings(None, None, BARE), "auto")
    assert made.parts is None
