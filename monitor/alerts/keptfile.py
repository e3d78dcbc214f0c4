"""Small facts that outlive a restart, in a file of the output folder."""

import json
from pathlib import Path
from typing import Any


def write_kept(file: Path, content: Any) -> None:
    """Write JSON: afterwards the file holds all of it, or what it held before. Raises `OSError`."""
    part = file.with_name(f".{file.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(file)


def read_kept(file: Path) -> Any:
    """Return what was written, {} where nothing was. Raises `OSError`; `ValueError` for what is no JSON."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
