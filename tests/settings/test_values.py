"""A value is taken as it was meant, or refused."""

import pytest

from monitor.settings import Settings, load_settings
from monitor.settings.describe import allowed_text, field_at
from monitor.settings.document import key_text, parse_value
from tests.settings.given import LEAVES, Write, problems


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", True), ("No", False), ("on", True), ("OFF", False), ("true", True), ("False", False)],
)
def test_every_boolean_of_yaml_is_understood(write: Write, text: str, value: bool) -> None:
    assert load_settings(write(f"clips: {{enabled: {text}}}")).clips.enabled is value


def test_a_zone_may_have_a_name_that_yaml_takes_for_a_boolean(write: Write) -> None:
    points = "points: [[0, 0], [1, 0], [1, 1]]"
    zones = load_settings(
        write(f"zones:\n  on: {{{points}}}\n  no: {{{points}}}\n  010: {{{points}}}\n")
    ).zones
    assert list(zones) == ["on", "no", "010"]


def test_whole_numbers_are_fine_for_floats() -> None:
    value = load_settings(None, None, ["motion.k_sigma=4"]).motion.k_sigma
    assert (value, type(value)) == (4.0, float)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 1e-3), ("5E1", 50.0), (".5", 0.5), ("3.", 3.0), ("010", 10), ("-0", 0), ("+2", 2)],
)
def test_numbers_are_those_of_the_core_schema(text: str, value: float) -> None:
    assert (parse_value(text), type(parse_value(text))) == (value, type(value))


@pytest.mark.parametrize("text", ["1:30", "0x1F", "1_000", "2026-11-21", "1.2.3", "."])
def test_what_older_yaml_takes_for_numbers_and_dates_is_text(text: str) -> None:
    assert parse_value(text) == text


@pytest.mark.parametrize(
    "text", ["'4'", "four", ".nan", ".inf", "-.inf", "1e999", "9" * 5000, "true", "", "[4]"]
)
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    (problem,) = problems(None, f"motion.k_sigma={text}")
    assert problem.endswith(": must be a number, 1.5 to 12 σ")


def test_a_long_value_is_shortened_in_the_message() -> None:
    (problem,) = problems(None, f"clips.mode={'x' * 500}")
    assert len(problem) < 150


@pytest.mark.parametrize("path", LEAVES, ids=key_text)
def test_every_setting_refuses_a_value_of_another_kind(path: tuple[str, ...]) -> None:
    (problem,) = problems(None, f"{key_text(path)}=[{{}}]")
    field = field_at(Settings, path)
    assert field is not None
    assert problem.endswith(f"must be {allowed_text(field)}")


@pytest.mark.parametrize("value", [1.5, 12.0])
def test_a_range_holds_its_limits(value: float) -> None:
    assert load_settings(None, None, [f"motion.k_sigma={value}"]).motion.k_sigma == value


@pytest.mark.parametrize("override", ["motion.k_sigma=1.4999", "motion.k_sigma=12.001", "images.rate_hz=0"])
def test_a_range_holds_nothing_beyond_its_limits(override: str) -> None:
    (problem,) = problems(None, override)
    assert problem.startswith(f"--set {override}: must be a number, ")


def test_areas_must_be_in_order() -> None:
    (problem,) = problems(None, "motion.min_area_fraction=0.4", "motion.max_area_fraction=0.3")
    assert problem == "--set motion: min_area_fraction (0.4) must be below max_area_fraction (0.3)"
