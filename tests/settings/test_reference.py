"""What is shipped and written out is made from the declarations and reads back."""

import math
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.settings import Settings, load_settings, preset_names, resolve
from monitor.settings.declare import extra_of
from monitor.settings.describe import allowed_text, field_at, known_keys
from monitor.settings.document import key_text
from monitor.settings.load import shipped
from monitor.settings.motion import Motion, Zone
from monitor.settings.reference import discreet, effective_text, json_schema, origins, reference_text
from tests.settings.given import LEAVES, Write, problems


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
    example = reference_text().split("\nzones: {}")[0].rpartition("\n# Example:\n")[2]
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
    usual = Motion()
    text = effective_text(resolve(write(f"motion: {{k_sigma: 7, event_gap_s: {usual.event_gap_s}}}")))
    assert f"  k_sigma: 7.0  # from m.yaml:1, default {usual.k_sigma}\n" in text
    assert f"  event_gap_s: {usual.event_gap_s}  # from m.yaml:1, the default\n" in text
    assert "  min_duration_s: 0.3\n" in text


def test_the_schema_tells_ranges_units_and_meanings() -> None:
    key = json_schema()["$defs"]["Motion"]["properties"]["k_sigma"]
    assert (key["minimum"], key["maximum"], key["unit"], key["default"]) == (1.5, 12.0, "σ", Motion().k_sigma)
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


SECRET = "rtsp://me:geheim@host/a"


def test_secrets_are_not_shown(write: Write) -> None:
    resolved = resolve(write(f"cameras: {{a: {{address: '{SECRET}', username: geheim}}}}"))
    text = effective_text(resolved)
    assert "address: '***'  # from m.yaml:1\n" in text
    assert "geheim" not in text
    assert discreet(resolved.settings).cameras["a"].second_address is None
    assert resolved.settings.cameras["a"].address == SECRET


@pytest.mark.parametrize(
    "given",
    [
        f"cameras.a={SECRET}",
        f"cameras.a.adress={SECRET}",
        f"cameras.a.address=[{SECRET}]",
        f"alerts.webhook.a.secret={SECRET}",
        f"alerts.webhook={SECRET}",
        f"alerts.mqtt.a.password={SECRET}",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(given: str) -> None:
    told = problems(None, given)
    assert told
    assert "geheim" not in " ".join(told)


def test_an_unknown_key_of_a_section_within_a_section_is_compared_with_those_beside_it() -> None:
    assert problems(None, "cameras.a.address=0", "cameras.a.motion.sigma=3") == [
        "--set cameras.a.motion.sigma=3: unknown key; did you mean cameras.a.motion.k_sigma?"
    ]
