"""The files that show a comparison, in the folder that a call names."""

from pathlib import Path

from monitor.comparing.drawing import drawn_difference, marked, side_by_side
from monitor.comparing.images import Comparison
from monitor.errors import OutputExistsError
from monitor.outputs.flicker import write_flicker
from monitor.outputs.layout import refuse_existing, writing
from monitor.outputs.still import FAST_PNG, write_still

REPORT = "report.html"


def refuse_used(folder: Path) -> None:
    """Raise `OutputExistsError` unless a folder is empty or not there yet."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputExistsError(f"{folder} holds something already; choose another folder or empty it.")


def write_pictures(folder: Path, found: Comparison, names: tuple[str, str]) -> dict[str, Path]:
    """Write both pictures with their boxes, the difference, a side-by-side and a flicker GIF.

    Returns the path of each by its role. Raises `OutputError`.
    """
    pictures = {
        "a": marked(found.a, found.boxes),
        "b": marked(found.b, found.boxes),
        "difference": drawn_difference(found),
    }
    pictures["side_by_side"] = side_by_side(pictures["a"], pictures["b"], names)
    written = {role: folder / f"{role}.png" for role in pictures}
    for role, path in written.items():
        write_still(path, pictures[role], FAST_PNG)
    written["flicker"] = folder / "flicker.gif"
    write_flicker(written["flicker"], [pictures["a"], pictures["b"]])
    return written


def write_page(path: Path, text: str) -> None:
    """Write a page; raises `OutputError`, also where there is one."""
    refuse_existing(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
