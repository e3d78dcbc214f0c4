"""What a page is told of a clip."""

from pathlib import Path

import pytest

from monitor.outputs.playing import Plays, video_facts
from monitor.outputs.recording.codedfile import CodedFile, begins_note, begins_s
from tests.outputs.recording.coded import coded


@pytest.mark.parametrize(("codec", "suffix"), [("H.264", ".mp4"), ("Motion JPEG", ".mkv")])
def test_a_clip_says_at_which_second_of_its_source_it_begins(tmp_path: Path, codec: str, suffix: str) -> None:
    pictures = coded(codec, 20)
    file = CodedFile(tmp_path / f"clip{suffix}", pictures[0])
    for picture in pictures:
        file.write(picture)
    file.close()
    facts = video_facts(file.path)
    assert facts.begins_s == pytest.approx(pictures[0].time_s, abs=0.001)
    assert facts.plays is (Plays.EVERYWHERE if codec == "H.264" else Plays.NOWHERE)


def test_a_note_is_read_as_it_was_written() -> None:
    assert begins_s(begins_note(86_400.25)) == 86_400.25


@pytest.mark.parametrize("note", [None, "", "Lavf61", "begins at source second noon"])
def test_another_note_says_nothing(note: str | None) -> None:
    assert begins_s(note) is None
