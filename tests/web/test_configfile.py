"""The settings file is changed key by key, and everything else in it stays."""

from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.settings.load import load_settings
from monitor.web.configfile import Change, OutdatedError, Rename, change, version_of

TEXT = """\
# Ours, at the house.
motion:
  k_sigma: 5   # the hedge
cameras:
  yard:
    address: rtsp://10.0.0.2/main  # by the gate
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.yaml"
    path.write_text(TEXT)
    return path


def test_comments_and_order_stay(file: Path) -> None:
    change(file, version_of(file), [Change(("motion", "k_sigma"), 4.5)], load_settings)
    before, after = TEXT.splitlines(), file.read_text().splitlines()
    assert after[2].split() == ["k_sigma:", "4.5", "#", "the", "hedge"]
    assert [*after[:2], *after[3:]] == [*before[:2], *before[3:]]


def test_sections_are_made_where_there_are_none(file: Path) -> None:
    points = [[0.1, 0.2], [0.9, 0.2], [0.5, 0.8]]
    change(
        file,
        version_of(file),
        [Change(("cameras", "yard", "zones", "gate", "points"), points)],
        load_settings,
    )
    assert "points: [[0.1, 0.2], [0.9, 0.2], [0.5, 0.8]]" in file.read_text()
    assert load_settings(file).cameras["yard"].zones["gate"].points[1] == (0.9, 0.2)


def test_what_is_taken_out_is_the_default_again(file: Path) -> None:
    change(file, version_of(file), [Change(("motion", "k_sigma"), None)], load_settings)
    assert load_settings(file).motion.k_sigma == load_settings().motion.k_sigma


def test_nothing_wrong_is_written_and_the_sentence_names_the_file(file: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        change(file, version_of(file), [Change(("motion", "k_sigma"), 400)], load_settings)
    assert raised.value.problems[0].startswith("monitor.yaml:")
    assert "motion.k_sigma" in raised.value.problems[0]
    assert file.read_text() == TEXT
    assert list(file.parent.iterdir()) == [file]


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(file: Path) -> None:
    seen = version_of(file)
    file.write_text(TEXT + "# more\n")
    with pytest.raises(OutdatedError, match="by somebody else"):
        change(file, seen, [Change(("motion", "k_sigma"), 4)], load_settings)


def test_an_entry_gets_another_name_in_its_place_with_its_comments(file: Path) -> None:
    file.write_text(TEXT + "  gate: {address: rtsp://10.0.0.3/}\n")
    change(file, version_of(file), [Rename(("cameras", "yard"), "garden")], load_settings)
    assert file.read_text().splitlines()[3:6] == [
        "cameras:", "  garden:", "    address: rtsp://10.0.0.2/main  # by the gate"
    ]  # fmt: skip
    assert list(load_settings(file).cameras) == ["garden", "gate"]


@pytest.mark.parametrize(("name", "to"), [("yard", "yard"), ("barn", "gate")])
def test_no_name_is_taken_twice_and_none_that_is_not_there(file: Path, name: str, to: str) -> None:
    with pytest.raises(SettingsError, match=f"cameras.{name}"):
        change(file, version_of(file), [Rename(("cameras", name), to)], load_settings)
    assert file.read_text() == TEXT


def test_an_entry_is_added_empty_and_filled(file: Path) -> None:
    added = [Change(("alerts", "mqtt", "home"), {}), Change(("alerts", "mqtt", "home", "host"), "10.0.0.9")]
    change(file, version_of(file), added, load_settings)
    assert load_settings(file).alerts.mqtt["home"].host == "10.0.0.9"


def test_a_file_begins_with_its_first_change(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    change(path, version_of(path), [Change(("motion", "k_sigma"), 4.5)], load_settings)
    assert load_settings(path).motion.k_sigma == 4.5
    assert path.stat().st_mode & 0o077 == 0
