"""Lines of text to a new file or to a stream, with failures as `OutputError`."""

from pathlib import Path
from typing import TextIO

from monitor.outputs.layout import refuse_existing, writing


class TextFile:
    """A new text file, or a stream such as standard output, written line by line.

    A file is made at once (its folder too) and never overwritten, but continued where `append` is set; a
    stream is flushed, not closed.
    With `flush` each line reaches the system before `line` returns, so that an interruption leaves whole
    lines. Raises `OutputError`.
    """

    def __init__(self, target: Path | TextIO, *, flush: bool = True, append: bool = False) -> None:
        self.name = str(target) if isinstance(target, Path) else getattr(target, "name", "output")
        self._flush = flush
        self._owned = isinstance(target, Path)
        self._stream: TextIO | None = _open(target, append) if isinstance(target, Path) else target

    def line(self, text: str) -> None:
        """Write one line; `text` holds no line's end."""
        if self._stream is None:
            return
        with writing(self.name):
            self._stream.write(f"{text}\n")
            if self._flush:
                self._stream.flush()

    def close(self) -> None:
        """Write out what is buffered and close the file; safe to call twice."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        with writing(self.name):
            if self._owned:
                stream.close()
            else:
                stream.flush()


def _open(path: Path, append: bool) -> TextIO:
    if not append:
        refuse_existing(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a" if append else "x", encoding="utf-8", newline="")
