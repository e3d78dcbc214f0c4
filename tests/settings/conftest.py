from pathlib import Path

import pytest

from tests.settings.given import Write


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a settings file, which is then named by the relative path `m.yaml`."""
    monkeypatch.chdir(tmp_path)

    def writer(text: str) -> Path:
        file = Path("m.yaml")
        file.write_text(text, encoding="utf-8")
        return file

    return writer
