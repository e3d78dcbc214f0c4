"""The program run by a test: within it, or as a process of its own."""

import io
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from monitor.__main__ import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Result:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All that it said, on one line: the terminal's width breaks lines anywhere."""
        return " ".join((self.out + self.err).split())


def run(*args: object) -> Result:
    """Run the program within this process, as its script does."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code: Any = 0
    argv = ["monitor", *map(str, args)]
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    texts = (stream.buffer.getvalue().decode() for stream in (out, err))
    return Result(code or 0, *texts)


def start(*args: object, through: Sequence[str] = (), **options: Any) -> subprocess.Popen[str]:
    """Start the program as a process of its own, its output in pipes; `through` is a command that runs it."""
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from monitor.__main__ import main; main()"
    # The package is found from every folder, installed or not.
    command = [*through, sys.executable, "-c", script, *map(str, args)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen(command, text=True, **(pipes | options))


def spawn(*args: object, **options: Any) -> Result:
    """Run the program as a process of its own to its end."""
    process = start(*args, **options)
    out, err = process.communicate(timeout=120)
    return Result(process.returncode, out or "", err or "")
