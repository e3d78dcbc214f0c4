"""The later layer wins: defaults, preset, file, overrides."""

import pytest
from pydantic import ValidationError

from monitor.settings import Settings, load_settings
from tests.settings.given import Write


def test_without_anything_the_settings_are_the_defaults() -> None:
    assert load_settings() == Settings()


def test_an_empty_file_leaves_the_defaults(write: Write) -> None:
    assert load_settings(write("")) == Settings()


def test_a_file_of_comments_leaves_the_defaults(write: Write) -> None:
    assert load_settings(write("# nothing yet\n---\n")) == Settings()


def test_a_section_with_all_keys_commented_out_leaves_its_defaults(write: Write) -> None:
    assert load_settings(write("motion:\n#  k_sigma: 4\nzones:\n")) == Settings()


def test_a_file_goes_above_the_preset(write: Write) -> None:
    assert load_settings(write("motion: {k_sigma: 7}"), "outdoor").motion.k_sigma == 7.0


def test_an_override_goes_above_the_file(write: Write) -> None:
    assert load_settings(write("motion: {k_sigma: 7}"), None, ["motion.k_sigma=8"]).motion.k_sigma == 8.0


def test_the_last_of_equal_overrides_wins() -> None:
    assert load_settings(None, None, ["clips.mode=encode", "clips.mode=copy"]).clips.mode == "copy"


def test_what_the_file_leaves_out_comes_from_the_preset(write: Write) -> None:
    preset = load_settings(None, "outdoor").motion
    assert load_settings(write("motion: {k_sigma: 7}\noutputs:\n"), "outdoor").motion == preset.model_copy(
        update={"k_sigma": 7.0}
    )


def test_an_empty_section_of_the_file_keeps_the_preset(write: Write) -> None:
    assert load_settings(write("motion:\n"), "outdoor").motion == load_settings(None, "outdoor").motion


def test_a_preset_may_be_named_in_the_file(write: Write) -> None:
    assert load_settings(write("preset: indoor")) == load_settings(None, "indoor")


def test_a_preset_may_be_named_by_an_override() -> None:
    assert load_settings(None, None, ["preset=indoor"]) == load_settings(None, "indoor")


def test_the_preset_of_the_argument_wins_over_the_file(write: Write) -> None:
    assert load_settings(write("preset: indoor"), "outdoor") == load_settings(None, "outdoor")


def test_an_override_of_one_zone_keeps_the_rest_of_it(write: Write) -> None:
    file = write("zones: {gate: {points: [[0, 0], [1, 0], [1, 1]], sensitivity: 2}}")
    zone = load_settings(file, None, ["zones.gate.role=exclude"]).zones["gate"]
    assert (zone.role, zone.sensitivity) == ("exclude", 2.0)


def test_lists_are_replaced_and_not_joined(write: Write) -> None:
    file = write("zones: {gate: {points: [[0, 0], [1, 0], [1, 1], [0, 1]]}}")
    zones = load_settings(file, None, ["zones.gate.points=[[0, 0], [1, 0], [0, 1]]"]).zones
    assert zones["gate"].points == ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().motion.k_sigma = 4.0
