"""Single values of settings read and changed by their dotted keys, as `--set` writes them."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from pydantic import ValidationError

from monitor.errors import SettingsError
from monitor.settings.model import Settings
from monitor.settings.problems import sentences


def value_at(settings: Settings, key: str) -> Any:
    """Return the value at a dotted key, as `motion.k_sigma`; raises `AttributeError` where there is none."""
    return reduce(getattr, key.split("."), settings)


def with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return the settings with other values at some dotted keys; raises `SettingsError` with every mistake.

    A key lies in a section of sections, as `advanced.regions.min_coherence`, and not in a list.
    """
    # Only sections that change pass through a dump: secrets would not come out of it.
    tops = {key.partition(".")[0] for key in values}
    dumped: dict[str, Any] = {top: getattr(settings, top).model_dump() for top in tops}
    for key, value in values.items():
        *path, last = key.split(".")
        reduce(lambda at, part: at[part], path, dumped)[last] = value
    changed = {}
    for top in tops:
        try:
            changed[top] = type(getattr(settings, top)).model_validate(dumped[top])
        except ValidationError as error:
            raise SettingsError(sentences(error, type(getattr(settings, top)), {})) from None
    return settings.model_copy(update=changed)
