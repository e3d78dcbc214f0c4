"""What the tests of settings share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.settings import Settings, load_settings
from monitor.settings.reference import leaves

Write = Callable[[str], Path]

LEAVES = [path for path in leaves(Settings()) if path != ("preset",)]


def problems(file: Path | None = None, *overrides: str, preset: str | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(file, preset, overrides)
    return caught.value.problems
