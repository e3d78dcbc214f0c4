"""RESULTS.md: sections that a benchmark writes anew, and sections that are kept."""

import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

Cell = str | int | float | None


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], digits: int = 3) -> str:
    """Return a Markdown table; numbers with a point get `digits` decimals, None a dash."""
    lines = [list(head), ["---"] + ["---:"] * (len(head) - 1)]
    lines += [[_text(cell, digits) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _text(cell: Cell, digits: int) -> str:
    if cell is None:
        return "–"
    return f"{cell:.{digits}f}" if isinstance(cell, float) else str(cell)


def write_sections(path: Path, title: str, sections: Mapping[str, str]) -> None:
    """Replace these sections of a Markdown file, by their headings, and keep all others where they are."""
    kept = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    text = "".join(f"\n## {heading}\n\n{body.strip()}\n" for heading, body in {**kept, **sections}.items())
    path.write_text(f"# {title}\n{text}", encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def measured_on(packages: Sequence[str] = ("numpy", "opencv-python", "av")) -> str:
    """Return the line that says when, on what machine and with which versions was measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores of {_processor()}, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {versions}. "
        "The machine may have had other work: read times as ratios.\n"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return found[1].strip() if found else platform.processor() or "an unknown processor"
