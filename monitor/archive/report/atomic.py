"""Files that are there whole or not at all, also where one of that name is being read."""

import os
from pathlib import Path

from monitor.outputs.layout import unfinished, writing


def replace_text(path: Path, text: str) -> None:
    """Write a file anew, in the place of one that was there; a kill leaves the one or the other.

    What is no text, as a path may hold it, is written as \\udcxx. Raises `OutputError`.
    """
    part = unfinished(path)
    with writing(path):
        try:
            with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
