"""Every mistake is told with its place and what is allowed, all at once."""

import pytest

from tests.settings.given import Write, problems


def test_all_mistakes_of_a_file_are_told_at_once_with_their_lines(write: Write) -> None:
    file = write(
        "preset: outdor\n"
        "motion:\n"
        "  k_sigam: 3\n"
        "  min_duration_s: -1\n"
        "clips: {mode: fast}\n"
        "zones:\n"
        "  gate:\n"
        "    role: include\n"
    )
    assert problems(file) == [
        "m.yaml:1: preset = outdor: must be indoor, outdoor, raspberry-pi or null",
        "m.yaml:3: motion.k_sigam = 3: unknown key; did you mean motion.k_sigma?",
        "m.yaml:4: motion.min_duration_s = -1: must be a number, 0 to 60 seconds",
        "m.yaml:5: clips.mode = fast: must be copy or encode",
        "m.yaml:7: zones.gate.points: missing; give 3 to 100 points [x, y], each number 0 to 1, "
        "the outline not crossing itself",
    ]


def test_a_key_in_the_wrong_section_is_found_where_it_belongs(write: Write) -> None:
    assert problems(write("k_sigma: 3")) == [
        "m.yaml:1: k_sigma = 3: unknown key; did you mean motion.k_sigma?"
    ]


def test_an_unknown_key_of_a_zone_is_compared_with_those_of_zones(write: Write) -> None:
    file = write("zones:\n  gate:\n    points: [[0, 0], [1, 0], [1, 1]]\n    roles: include\n")
    assert problems(file) == [
        "m.yaml:4: zones.gate.roles = include: unknown key; did you mean zones.gate.role?"
    ]


def test_a_key_like_no_other_is_told_where_to_find_them_all(write: Write) -> None:
    (problem,) = problems(write("xyzzy: 1"))
    assert problem == "m.yaml:1: xyzzy = 1: unknown key; `monitor config init` writes a file with all keys"


def test_a_value_where_a_section_belongs_is_told_its_keys() -> None:
    (problem,) = problems(None, "images=25")
    assert problem == "--set images=25: must be a section with the keys rate_hz"


def test_mistakes_of_overrides_are_told_with_those_of_the_file(write: Write) -> None:
    assert problems(write("clips: {mode: fast}"), "motion.k_sigam=3", "motion") == [
        "--set motion: must be KEY=VALUE, as --set motion.k_sigma=4",
        "m.yaml:1: clips.mode = fast: must be copy or encode",
        "--set motion.k_sigam=3: unknown key; did you mean motion.k_sigma?",
    ]


@pytest.mark.parametrize("override", ["", "=3", "motion.=3", ".k_sigma=3", "motion..k_sigma=3"])
def test_an_override_without_a_key_is_refused(override: str) -> None:
    assert problems(None, override) == [f"--set {override}: must be KEY=VALUE, as --set motion.k_sigma=4"]


@pytest.mark.parametrize("value", ["[", "*a", "{a: *b}", "!!python/name:os.system x", "[" * 5000])
def test_an_override_that_is_no_yaml_is_refused(value: str) -> None:
    (problem,) = problems(None, f"clips.mode={value}")
    assert "the value is not valid YAML" in problem


def test_an_unknown_preset_is_told_the_known_ones() -> None:
    assert problems(preset="garden") == [
        "--preset preset=garden: must be indoor, outdoor, raspberry-pi or null"
    ]
