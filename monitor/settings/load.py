"""Defaults, preset, file and --set put together: the later wins, and all mistakes are told at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from monitor.errors import SettingsError
from monitor.settings.document import KeyPath, Layer, Place, parse, parse_value
from monitor.settings.model import Settings
from monitor.settings.problems import sentences

LARGEST_BYTES = 1_000_000
"""No settings file written by hand comes near; a larger one is something else."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Settings and the place of every value that was given; what has no place is the default."""

    settings: Settings
    places: Mapping[KeyPath, Place]


def load_settings(
    file: str | Path | None = None, preset: str | None = None, overrides: Sequence[str] = ()
) -> Settings:
    """Return the settings: defaults, under the preset, under the file, under `KEY=VALUE` overrides.

    The preset may be named by the argument (which wins), in the file, or by an override. Keys are dotted,
    values YAML. Raises `SettingsError` with one sentence for every mistake.
    """
    return resolve(None if file is None else Path(file), preset, overrides).settings


def resolve(file: Path | None = None, preset: str | None = None, overrides: Sequence[str] = ()) -> Resolved:
    """Return what `load_settings` does, with the place of each value that is not left to its default."""
    layers = [_read_file(file) if file else Layer(), _preset_choice(preset), _read_overrides(overrides)]
    chosen = _merge(layers).values.get("preset")
    if chosen in preset_names():
        layers.insert(0, _read_preset(chosen))
    merged = _merge(layers)
    try:
        settings = Settings.model_validate(merged.values)
    except ValidationError as error:
        merged.problems += sentences(error, Settings, merged.places)
    if merged.problems:
        raise SettingsError(merged.problems)
    return Resolved(settings, merged.places)


def shipped() -> Traversable:
    """Return the folder of the reference file and the presets: in the wheel, or beside the package."""
    inside = files("monitor") / "config"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "config"


def preset_names() -> list[str]:
    """Return the names of the presets that come with the program."""
    names = (entry.name for entry in (shipped() / "presets").iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


def _read_preset(name: str) -> Layer:
    text = (shipped() / "presets" / f"{name}.yaml").read_text(encoding="utf-8")
    return parse(text, f"preset {name}")


def _preset_choice(preset: str | None) -> Layer:
    if preset is None:
        return Layer()
    return Layer({"preset": preset}, {("preset",): Place("--preset")})


def _read_file(file: Path) -> Layer:
    """Return a file as a layer; raises `SettingsError` if it cannot be read as text."""
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise SettingsError([f"{file}: no such file; `monitor config init {file}` writes one"]) from None
    except OSError as error:
        raise SettingsError([f"{file}: cannot be read: {error.strerror}"]) from None
    if len(content) > LARGEST_BYTES:
        raise SettingsError([f"{file}: larger than {LARGEST_BYTES} bytes; this is no settings file"])
    try:
        return parse(content.decode("utf-8-sig"), str(file))
    except UnicodeDecodeError:
        raise SettingsError([f"{file}: not UTF-8 text; is this a settings file?"]) from None


def _read_overrides(overrides: Iterable[str]) -> Layer:
    return _merge([_read_override(override) for override in overrides])


def _read_override(override: str) -> Layer:
    """Return one `KEY=VALUE` as a layer."""
    key, equals, text = override.partition("=")
    path = tuple(key.strip().split("."))
    if not equals or not all(path):
        return Layer(problems=[f"--set {override}: must be KEY=VALUE, as --set motion.k_sigma=4"])
    try:
        value = parse_value(text)
    except (yaml.YAMLError, RecursionError):
        return Layer(problems=[f"--set {override}: the value is not valid YAML; quote texts with signs"])
    for part in reversed(path):
        value = {part: value}
    return Layer(value, {path: Place("--set")})


def _merge(layers: Iterable[Layer]) -> Layer:
    """Return one layer in which later values win; sections are merged key by key, lists replaced."""
    merged = Layer()
    for layer in layers:
        merged.values = _overlay(merged.values, layer.values)
        merged.places |= layer.places
        merged.problems += layer.problems
    return merged


def _overlay(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    result = dict(low)
    for key, value in high.items():
        below = low.get(key)
        if isinstance(below, dict) and (value is None or isinstance(value, dict)):
            # A section that is null has all its keys commented out: it says nothing.
            result[key] = _overlay(below, value or {})
        else:
            result[key] = value
    return result


def to_text(settings: Settings) -> str:
    """Return settings as text for another process of the program; it holds the secrets."""
    return settings.model_dump_json()


def from_text(text: str) -> Settings:
    """Return the settings that `to_text` wrote."""
    return Settings.model_validate(_with_tuples(json.loads(text)))


def _with_tuples(value: Any) -> Any:
    """Return a JSON value with tuples for its lists, as settings have them."""
    if isinstance(value, dict):
        return {key: _with_tuples(inner) for key, inner in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value
