"""Imports go one way, and each third-party package has one home."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = {
    "errors": -2,  # below all, so that all may raise them
    "plugins": -1,  # what is installed; each part calls its own
    "clock": 0, "environment": 0, "frames": 0, "health": 0, "memory": 0, "service": 0, "settings": 0,
    "storage": 0,
    "capture": 1, "analysis": 1, "events": 1,
    "outputs": 2, "alerts": 2, "detectors": 2,
    "logs": 2,  # hides secrets as the camera's addresses do
    "pipeline": 3, "metrics": 3, "comparing": 3,
    "app": 4,
    "scanning": 5,  # runs what app wired
    "demonstration": 5,
    "speed": 5,
    "diagnosis": 5,  # asks all that the settings name
    "live": 5,
    "injecting": 5,  # tries what app wired
    "archive": 6,  # many scans
    "tuning": 7,  # many judgements of what the archive knows by its content
    "explaining": 7,  # reads what scans and live cameras left
    "library": 8,  # what programs in Python ask for
    "web": 8,  # shows what all of them do
    "cli": 9,
    "__main__": 10,
}  # fmt: skip
"""Height of each part of the package; an import may only go to a lower one, or stay within the part."""

SIDEWAYS = {("events", "monitor.analysis.scores"), ("metrics", "monitor.live.status")}
"""Plain values, imported not downward: what is measured is judged, and how a camera does is counted."""

HOMES = {
    "av": ("monitor.capture", "monitor.outputs"),
    "yaml": ("monitor.settings",),
    "pydantic": ("monitor.settings", "monitor.outputs.scorefile", "monitor.web"),
    "pydantic_core": ("monitor.settings", "monitor.outputs.scorefile"),
    "annotated_types": ("monitor.settings",),
    "typer": ("monitor.cli",),
    "rich": ("monitor.cli",),
    "sqlalchemy": ("monitor.outputs.journal",),
    "alembic": ("monitor.outputs.journal",),
    "apprise": ("monitor.alerts",),
    "paho": ("monitor.alerts",),
    "fastapi": ("monitor.web",),
    "starlette": ("monitor.web",),
    "uvicorn": ("monitor.web",),
    "argon2": ("monitor.web",),
    "websockets": ("monitor.web",),
    "prometheus_client": ("monitor.metrics",),
    "dask": ("monitor.archive.cluster",),
    "distributed": ("monitor.archive.cluster",),
    "fsspec": ("monitor.storage",),
    "paramiko": ("monitor.storage",),
    "botocore": ("monitor.storage",),
}
"""Where alone each package may be imported; the others are at home everywhere but in the pure parts."""

PURE = {"analysis", "events"}
PURE_PACKAGES = {"numpy", "cv2", "scipy"}
PURE_VALUES = {"monitor.errors", "monitor.frames"}
PURE_LIBRARY = {
    "abc", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "enum", "fractions",
    "functools", "heapq", "itertools", "math", "operator", "statistics", "types", "typing",
}  # fmt: skip
"""Of the standard library, what knows no thread, clock, disk, log or chance."""


def modules() -> dict[str, Path]:
    """Return the file of every module of the package by its dotted name."""
    files = sorted((ROOT / "monitor").rglob("*.py"))
    return {dotted(file): file for file in files}


def dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of all that is imported, also inside functions and for types alone."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # "from monitor import settings" names a module only together with what follows.
            base = "." * node.level + (node.module or "")
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "monitor" else [base]
            yield from ((node.lineno, name) for name in names)


def broken_rule(module: str, name: str) -> str | None:
    """Return the rule that forbids `module` to import `name`, None where it may."""
    if name.startswith("."):
        return "imports are absolute"
    top = name.split(".")[0]
    if top != "monitor":
        return _foreign_rule(module, top)
    return _own_rule(module, name)


def _own_rule(module: str, name: str) -> str | None:
    here, there = part_of(module), part_of(name)
    if here in PURE and here != there and LAYERS.get(there, 1) <= 0 and _file_of(name) not in PURE_VALUES:
        return f"{here} is pure: of layer 0 it imports the plain values {sorted(PURE_VALUES)} only"
    if not there or here == there or (here, name) in SIDEWAYS:
        return None
    for part in (here, there):
        if part and part not in LAYERS:
            return f"{part} has no layer; give it one here and in the design"
    if not here:
        return None  # what it gives as a library is loaded when asked for: `test_library` holds it to that
    if LAYERS[there] < LAYERS[here]:
        return None
    return f"imports go downward: {here} is layer {LAYERS[here]}, {there} is layer {LAYERS[there]}"


def _foreign_rule(module: str, top: str) -> str | None:
    if part_of(module) in PURE and top not in PURE_LIBRARY | PURE_PACKAGES:
        return f"{part_of(module)} is pure: it imports {sorted(PURE_PACKAGES)} and none of {top}"
    homes = HOMES.get(top, ("monitor",))
    if not any(module == home or module.startswith(f"{home}.") for home in homes):
        return f"{top} is at home in {' and '.join(homes)} only"
    return None


def part_of(name: str) -> str:
    """Return the part of the package, empty for the package itself and for what it defines."""
    rest = name.split(".")[1:2]
    return rest[0] if rest and _is_part(rest[0]) else ""


def _is_part(name: str) -> bool:
    return name in LAYERS or any((ROOT / "monitor" / name).with_suffix(s).exists() for s in ("", ".py"))


def _file_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def violations(module: str, file: str, source: str) -> list[str]:
    """Return a sentence with file, line and rule for each import that breaks the law."""
    return [
        f"{file}:{line}: {module} imports {name}: {rule}"
        for line, name in imports_of(source)
        if (rule := broken_rule(module, name))
    ]


def test_the_package_keeps_the_import_law() -> None:
    found = [
        sentence
        for module, file in modules().items()
        for sentence in violations(module, str(file.relative_to(ROOT)), file.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_every_import_of_the_standard_library_is_known_as_such() -> None:
    assert not PURE_LIBRARY - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("module", "source", "rule"),
    [
        ("monitor.capture.file", "import monitor.outputs.clip", "capture is layer 1, outputs is layer 2"),
        ("monitor.outputs.clip", "import monitor.alerts.outbox", "outputs is layer 2, alerts is layer 2"),
        ("monitor.analysis.flow", "from monitor.events.event import Event", "analysis is layer 1"),
        ("monitor.events.judge", "from monitor.analysis.tracks import Track", "events is layer 1"),
        ("monitor.events.judge", "from monitor import settings", "plain values"),
        ("monitor.analysis.watch", "from monitor.clock import Clock", "plain values"),
        ("monitor.analysis.watch", "import time", "analysis is pure"),
        ("monitor.events.judge", "import logging", "events is pure"),
        ("monitor.analysis.watch", "import imutils", "analysis is pure"),
        ("monitor.archive.report", "import av", "av is at home in monitor.capture and monitor.outputs only"),
        ("monitor.app", "import yaml", "yaml is at home in monitor.settings only"),
        ("monitor.outputs.records", "from pydantic import BaseModel", "pydantic is at home"),
        ("monitor.outputs.text", "from rich.table import Table", "rich is at home in monitor.cli only"),
        ("monitor.outputs.text", "from . import layout", "imports are absolute"),
        ("monitor.app", "def f():\n    import typer", "app.py:2: monitor.app imports typer"),
    ],
)  # fmt: skip
def test_what_breaks_the_law_is_told_with_line_and_rule(module: str, source: str, rule: str) -> None:
    file = f"{module.replace('.', '/')}.py"
    (sentence,) = violations(module, file, source)
    assert sentence.startswith(f"{file}:")
    assert rule in sentence


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("monitor.events.motion", "from monitor.analysis.scores import Scores"),
        ("monitor.events.motion", "from monitor.events.gate import Gate"),
        ("monitor.analysis.tracks", "from scipy.optimize import linear_sum_assignment"),
        ("monitor.analysis.preprocess", "from monitor.frames import Frame"),
        ("monitor.outputs.scorefile", "from pydantic import TypeAdapter"),
        ("monitor.capture.decoding", "from av.video.frame import VideoFrame"),
        ("monitor.cli.app", "from monitor import __version__"),
        ("monitor.settings.load", "from monitor.errors import SettingsError"),
        ("monitor.app", "from monitor.settings.model import Settings"),
    ],
)
def test_what_keeps_the_law_is_not_told(module: str, source: str) -> None:
    assert violations(module, "file.py", source) == []
