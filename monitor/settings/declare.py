"""How one setting is declared: default, meaning, unit and range in one place."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo


class Section(BaseModel):
    """A frozen group of settings that refuses unknown keys, texts for numbers, NaN and infinity."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_means_defaults(cls, data: Any) -> Any:
        # `motion:` with every key below it commented out is null in YAML.
        return {} if data is None else data


def key(default: Any, meaning: str, *, unit: str = "", allowed: str = "", **limits: Any) -> Any:
    """Return the declaration of one setting.

    `meaning` is a sentence, with the consequence of raising or lowering the value where that is not plain.
    `unit` is written after numbers; `allowed` replaces the sentence made from the type and the limits.
    `limits` go to pydantic's `Field`: ge, gt, le, lt, min_length, max_length, strict, examples.
    """
    extra: JsonDict = {name: text for name, text in (("unit", unit), ("allowed", allowed)) if text}
    return Field(default, description=meaning, json_schema_extra=extra or None, **limits)


def extra_of(field: FieldInfo, name: str) -> str:
    """Return the `unit` or `allowed` text of a declaration, "" where there is none."""
    extra = field.json_schema_extra
    return str(extra.get(name, "")) if isinstance(extra, dict) else ""
