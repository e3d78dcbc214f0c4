"""Settings are layered, checked whole, and every mistake is told with its place and what is allowed."""

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.errors import SettingsError
from monitor.settings import Settings, load_settings, preset_names, resolve
from monitor.settings.declare import extra_of
from monitor.settings.describe import allowed_text, field_at, known_keys
from monitor.settings.document import dump, key_text, parse, parse_value
from monitor.settings.load import LARGEST_BYTES, shipped
from monitor.settings.model import Motion, Zone
from monitor.settings.polygon import fault_of
from monitor.settings.reference import effective_text, json_schema, leaves, origins, reference_text

Write = Callable[[str], Path]

LEAVES = [path for path in leaves(Settings()) if path != ("preset",)]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a settings file, which is then named by the relative path `m.yaml`."""
    monkeypatch.chdir(tmp_path)

    def writer(text: str) -> Path:
        file = Path("m.yaml")
        file.write_text(text, encoding="utf-8")
        return file

    return writer


def problems(file: Path | None = None, *overrides: str, preset: str | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(file, preset, overrides)
    return caught.value.problems


# Layers


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


# Values


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


# Messages


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


# Files that are no settings


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("motion:\n\tk_sigma: 3\n", "m.yaml:2: not valid YAML: a tab; indent with spaces"),
        ("- 1\n- 2\n", "m.yaml:1: not valid YAML: the file must hold keys with values, as `motion:`"),
        ("hello", "m.yaml:1: not valid YAML: the file must hold keys with values, as `motion:`"),
        ("motion: {k_sigma: 3\n", "m.yaml:2: not valid YAML: "),
        ("a: 1\n---\nb: 2\n", "m.yaml:2: not valid YAML: "),
        (
            "a: &x 1\nb: *x\n",
            "m.yaml:2: not valid YAML: aliases (*name) are not supported",
        ),
        ("? [a, b]\n: 1\n", "m.yaml:1: not valid YAML: a key must be a plain word"),
        (
            "preset: !!python/name:os.system x\n",
            "m.yaml:1: not valid YAML: tag tag:yaml.org",
        ),
        ("preset: !!int x\n", "m.yaml:1: not valid YAML: 'x' does not fit its tag; leave the tag out"),
        ("preset: 1\n\x00\x01", "m.yaml:2: holds a control character; is this a text file?"),
        ("[" * 5000, "m.yaml: nested too deeply"),
    ],
    ids=["tab", "list", "word", "open", "two", "alias", "key", "python", "tag", "control", "deep"],
)
def test_text_that_is_no_settings_is_told_with_its_line(write: Write, text: str, problem: str) -> None:
    (told,) = problems(write(text))
    assert told.startswith(problem)


def test_keys_given_twice_are_told_beside_the_other_mistakes(write: Write) -> None:
    file = write("motion:\n  k_sigma: 3\n  k_sigma: 4\nclips: {mode: fast}\n")
    assert problems(file) == [
        "m.yaml:3: motion.k_sigma: given twice, first in line 2; keep one",
        "m.yaml:4: clips.mode = fast: must be copy or encode",
    ]


def test_a_missing_file_is_told_how_to_make_one() -> None:
    assert problems(Path("none.yaml")) == [
        "none.yaml: no such file; `monitor config init none.yaml` writes one"
    ]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path)
    assert problem == f"{tmp_path}: cannot be read: Is a directory"


def test_a_file_without_permission_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problems(file) == ["m.yaml: cannot be read: Permission denied"]


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(bytes(range(256)))
    assert problems(file) == [f"{file}: not UTF-8 text; is this a settings file?"]


def test_a_file_of_any_length_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"#" * (LARGEST_BYTES + 1))
    assert problems(file) == [f"{file}: larger than {LARGEST_BYTES} bytes; this is no settings file"]


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbfclips: {enabled: false}\r\n")
    assert load_settings(file).clips.enabled is False


@examples(derandomize=True, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:{}[],'\"!&*?-#|>%@ \t\n01.~é\x07"), max_size=30))
def test_no_text_makes_the_reader_fail_without_a_sentence(text: str) -> None:
    layer = parse(text, "m.yaml")
    assert all(problem.startswith("m.yaml") for problem in layer.problems)
    assert not (layer.problems and layer.values) or "given twice" in layer.problems[0]


@examples(derandomize=True, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    )
)
def test_a_value_written_out_reads_back_equal(value: Any) -> None:
    # As text, so that 1, 1.0 and True differ.
    assert repr(as_lists(parse_value(dump(value)))) == repr(value)


def as_lists(value: Any) -> Any:
    return [as_lists(item) for item in value] if isinstance(value, tuple) else value


# Zones

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    "points",
    [SQUARE, SQUARE[::-1], SQUARE[:3], ((0.0, 0.0), (1.0, 0.0), (0.5, 0.2), (0.5, 1.0))],
    ids=["square", "other way round", "triangle", "dented"],
)
def test_an_outline_with_an_inside_is_fine(points: tuple[tuple[float, float], ...]) -> None:
    assert fault_of(points) is None


@pytest.mark.parametrize(
    ("points", "fault"),
    [
        (
            ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)),
            "crosses or touches itself between points 1 and 3",
        ),
        (
            ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.0)),
            "crosses or touches itself between points 1 and 3",
        ),
        ((*SQUARE, (0.0, 0.0)), "a point is given twice"),
        (((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)), "on a line"),
        (((0.1, 0.1), (0.1004, 0.1), (0.1, 0.1004)), "no area"),
    ],
    ids=["bow tie", "touching", "closed by hand", "line", "speck"],
)
def test_an_outline_without_a_clear_inside_is_refused(
    points: tuple[tuple[float, float], ...], fault: str
) -> None:
    assert fault in str(fault_of(points))


@pytest.mark.parametrize(
    "points", ["[[0, 0], [1, 1]]", "[]", "[[0, 0], [1, 0], [1, 1.01]]", "[[0, 0], [1, 0], [1]]", "3"]
)
def test_points_that_are_no_polygon_are_told_what_is(points: str) -> None:
    (problem,) = problems(None, f"zones.gate.points={points}")
    assert "3 to 100 points [x, y], each number 0 to 1" in problem


def test_an_outline_that_crosses_itself_is_told_with_its_line(write: Write) -> None:
    (problem,) = problems(write("zones:\n  a:\n    points: [[0, 0], [1, 1], [1, 0], [0, 1]]\n"))
    assert problem.startswith("m.yaml:3: zones.a.points = [[0, 0], [1, 1]")
    assert problem.endswith("the outline crosses or touches itself between points 1 and 3")


@pytest.mark.parametrize("name", ["a b", "a.b", "../up", "gate+", "x" * 41, '"\\x1b"', '""'])
def test_a_zone_name_that_cannot_be_a_file_name_is_refused(write: Write, name: str) -> None:
    (problem,) = problems(write(f"zones:\n  {name}: {{points: [[0, 0], [1, 0], [1, 1]]}}\n"))
    assert problem.endswith("must be names of 1 to 40 letters, digits, - and _, each with the keys below")


# What is shipped, and what is written out


def test_the_committed_reference_is_made_from_the_declarations() -> None:
    committed = (shipped() / "monitor.yaml").read_text(encoding="utf-8")
    assert committed == reference_text()


def test_the_reference_loads_as_the_defaults(write: Write) -> None:
    assert load_settings(write(reference_text())) == Settings()


def test_the_reference_explains_every_key() -> None:
    text = reference_text()
    missing = [key_text(key) for key in known_keys(Settings) if f"{key[-1]}:" not in text]
    assert missing == []


def test_the_example_in_the_reference_is_a_zone(write: Write) -> None:
    example = reference_text().split("# Example:\n")[1].split("zones: {}")[0]
    text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in example.splitlines())
    assert load_settings(write(text)).zones["gate"].role == "include"


def test_every_setting_says_what_it_means_in_sentences() -> None:
    for path in [*LEAVES, ("zones",), *(("zones", "NAME", name) for name in Zone.model_fields)]:
        field = field_at(Settings, path)
        assert field is not None
        assert (field.description or "").endswith("."), path


def test_every_number_has_a_range_and_a_unit() -> None:
    for path in LEAVES:
        field = field_at(Settings, path)
        assert field is not None
        if field.annotation in (int, float):
            assert len(field.metadata) >= 2, path
            assert extra_of(field, "unit"), path


def test_the_presets_are_those_that_may_be_named() -> None:
    field = Settings.model_fields["preset"]
    assert allowed_text(field) == ", ".join(preset_names()) + " or null"


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_holds_differences_only(name: str) -> None:
    resolved = resolve(None, name)
    same = [line for line in effective_text(resolved).splitlines() if line.endswith("the default")]
    assert (same, resolved.settings == Settings(preset=resolved.settings.preset)) == ([], False)


def test_every_given_value_says_where_it_came_from(write: Write) -> None:
    resolved = resolve(write("motion:\n  k_sigma: 7\n"), "raspberry-pi", ["clips.enabled=no"])
    told = origins(resolved)
    assert {key: told[key] for key in ("motion.k_sigma", "clips.enabled", "preset")} == {
        "motion.k_sigma": "m.yaml:2",
        "clips.enabled": "--set",
        "preset": "--preset",
    }
    assert told["outputs.annotate"].startswith("preset raspberry-pi:")
    assert "motion.event_gap_s" not in told


def test_what_is_in_effect_reads_back_as_the_same_settings(write: Write) -> None:
    overrides = ["zones.yes.points=[[0, 0], [1, 0], [1, 1]]", "outputs.folder='no'", "clips.mode=encode"]
    resolved = resolve(None, "outdoor", overrides)
    assert load_settings(write(effective_text(resolved))) == resolved.settings


def test_what_is_in_effect_tells_origin_and_default(write: Write) -> None:
    text = effective_text(resolve(write("motion: {k_sigma: 7, event_gap_s: 2}")))
    assert "  k_sigma: 7.0  # from m.yaml:1, default 3.5\n" in text
    assert "  event_gap_s: 2.0  # from m.yaml:1, the default\n" in text
    assert "  min_duration_s: 0.3\n" in text


def test_the_schema_tells_ranges_units_and_meanings() -> None:
    key = json_schema()["$defs"]["Motion"]["properties"]["k_sigma"]
    assert (key["minimum"], key["maximum"], key["unit"], key["default"]) == (1.5, 12.0, "σ", 3.5)
    assert key["description"] == Motion.model_fields["k_sigma"].description


def test_the_schema_refuses_unknown_keys_everywhere() -> None:
    schema = json_schema()
    sections = [schema, *schema["$defs"].values()]
    assert all(section["additionalProperties"] is False for section in sections)


def test_shipped_files_are_found_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    monkeypatch.setattr("monitor.settings.load.files", lambda package: tmp_path)
    assert shipped() == tmp_path / "config"


def test_settings_load_nothing_that_decodes_or_computes() -> None:
    code = "import sys, monitor.settings; print(sorted({'av', 'cv2', 'numpy', 'scipy'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


def test_not_a_number_is_refused_from_python_too() -> None:
    with pytest.raises(ValidationError, match="finite"):
        Motion(k_sigma=math.nan)
