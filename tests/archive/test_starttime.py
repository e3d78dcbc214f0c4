"""Which of metadata, name and last write tells when a recording began."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.archive.names import read_name
from monitor.archive.starttime import Known, Start, camera_name, chosen, is_set, start_of
from monitor.capture.opening import Input
from monitor.capture.source import SourceInfo
from monitor.errors import SettingsError
from monitor.frames import Size
from monitor.settings import load_settings
from monitor.settings.archive import Archive, Origin

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAMED = read_name("20240131_113456.mp4", zone=UTC)
IN_METADATA = datetime(2024, 1, 31, 11, 35, 1, tzinfo=UTC)
WRITTEN = datetime(2024, 1, 31, 11, 45, 6, tzinfo=UTC)
ORDER: tuple[Origin, ...] = ("metadata", "name", "mtime")


def test_metadata_come_before_the_name_and_the_last_write() -> None:
    start = chosen(Known(IN_METADATA, NAMED, WRITTEN, 600.0), ORDER, NOW)
    assert start == Start(IN_METADATA, "metadata")


def test_the_name_comes_before_the_last_write() -> None:
    start = chosen(Known(None, NAMED, WRITTEN, 600.0), ORDER, NOW)
    assert start == Start(datetime(2024, 1, 31, 11, 34, 56, tzinfo=UTC), "name")


def test_the_last_write_is_the_end() -> None:
    start = chosen(Known(None, None, WRITTEN, 600.0), ORDER, NOW)
    assert start == Start(datetime(2024, 1, 31, 11, 35, 6, tzinfo=UTC), "mtime")


def test_without_a_length_the_last_write_tells_no_start() -> None:
    assert chosen(Known(None, None, WRITTEN, None), ORDER, NOW) == Start()


def test_the_order_is_a_setting() -> None:
    start = chosen(Known(IN_METADATA, NAMED, WRITTEN, 600.0), ("name", "metadata"), NOW)
    assert start.origin == "name"


@pytest.mark.parametrize(
    "clock",
    [
        datetime(1904, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, 0, 4, tzinfo=UTC),
        datetime(2000, 1, 1, 3, tzinfo=UTC),
        datetime(1999, 12, 31, 23, tzinfo=UTC),
        NOW + timedelta(days=2),
    ],
)
def test_a_clock_that_was_never_set_is_passed_over(clock: datetime) -> None:
    assert not is_set(clock, NOW)
    assert chosen(Known(clock, NAMED, WRITTEN, 600.0), ORDER, NOW).origin == "name"


def test_metadata_an_hour_from_the_name_are_doubted_and_told() -> None:
    start = chosen(Known(IN_METADATA + timedelta(hours=1), NAMED, None, 600.0), ORDER, NOW)
    assert start.origin == "metadata"
    assert start.doubt is not None
    assert "archive.start_from" in start.doubt


def test_metadata_from_the_end_of_the_recording_are_not_doubted() -> None:
    assert chosen(Known(IN_METADATA + timedelta(minutes=10), NAMED, None, 600.0), ORDER, NOW).doubt is None


@pytest.mark.parametrize(("written_at", "hour"), [((0, 40), 0), ((1, 40), 1), ((9, 0), 0)])
def test_of_an_hour_that_came_twice_the_last_write_tells_which(
    written_at: tuple[int, int], hour: int
) -> None:
    named = read_name("20241027_023000.mp4", zone=ZoneInfo("Europe/Vienna"))
    written = datetime(2024, 10, 27, *written_at, tzinfo=UTC)
    start = chosen(Known(None, named, written, 600.0), ORDER, NOW)
    assert start.time == datetime(2024, 10, 27, hour, 30, tzinfo=UTC)


def test_what_cannot_be_opened_has_the_time_of_its_name_or_of_its_last_write(tmp_path: Path) -> None:
    named, nameless = tmp_path / "20260302_080000.mp4", tmp_path / "x.mp4"
    for file in (named, nameless):
        file.touch()
        os.utime(file, (WRITTEN.timestamp(), WRITTEN.timestamp()))
    settings = Archive(timezone="UTC")
    assert start_of(Input(str(nameless)), None, settings) == Start(WRITTEN, "mtime")
    began = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert start_of(Input(str(named)), None, settings) == Start(began, "name")
    assert start_of(Input(str(tmp_path / "none.mp4")), None, settings) == Start()


def test_an_opened_file_is_asked_for_its_last_write(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.touch()
    os.utime(file, (WRITTEN.timestamp(), WRITTEN.timestamp()))
    info = SourceInfo("film.mp4", Size(64, 48), duration_s=600.0)
    assert start_of(Input(str(file)), info, Archive()) == Start(WRITTEN - timedelta(minutes=10), "mtime")


def test_pictures_in_a_row_begin_with_the_first(tmp_path: Path) -> None:
    pictures = tuple(tmp_path / f"20240131_1134{second}.jpg" for second in (56, 57))
    info = SourceInfo("x", Size(64, 48), duration_s=0.08)
    start = start_of(Input(str(tmp_path), pictures), info, Archive(timezone="UTC"))
    assert start == Start(datetime(2024, 1, 31, 11, 34, 56, tzinfo=UTC), "name")


def test_the_camera_counts_from_the_path_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    item = Input("yard/gate/20240131_113456.mp4")
    assert camera_name(item, ["."], Archive()) == "yard/gate"
    assert camera_name(item, ["yard"], Archive()) == "gate"
    assert camera_name(item, ["yard/gate"], Archive()) == "gate"


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("(?P<year>", "no regular expression"),
        (r"(?P<yaer>\d+)", "yaer"),
        (r"(?P<year>\d+)", "no group month"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_what_is_wrong(pattern: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=fault):
        load_settings(overrides=[f"archive.name_patterns=['{pattern}']"])
