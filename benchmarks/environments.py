"""Peers in environments of their own, outside the project, made on first use."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.paths import cache_folder

_PATIENCE_S = 600
"""A peer that takes longer to install is skipped."""


class PeerMissingError(Exception):
    """A peer cannot be run here; the message says why."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment `name` that has `packages`; `check` is code that must run in it."""

    name: str
    packages: Sequence[str]
    check: str
    hint: str = ""
    options: Sequence[str] = ()

    def python(self) -> Path:
        """Return its interpreter, installing what is missing first. Raises `PeerMissingError`."""
        folder = cache_folder() / "environments" / self.name
        python = folder / "bin/python"
        if not python.exists():
            print(f"making the environment of {self.name} in {folder} …", file=sys.stderr)
            venv.create(folder, with_pip=True)
        if not self._works(python):
            self._install(python)
        return python

    def _works(self, python: Path) -> bool:
        return subprocess.run([python, "-c", self.check], capture_output=True, check=False).returncode == 0

    def _install(self, python: Path) -> None:
        command: list[str | Path] = [python, "-m", "pip", "install", "-q", *self.options, *self.packages]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise PeerMissingError(f"not installed within {_PATIENCE_S} s{self.hint}") from error
        if not self._works(python):
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise PeerMissingError(f"cannot be installed: {reason[:160]}{self.hint}")


DVR_SCAN = Environment(
    "dvr-scan",
    ("dvr-scan[opencv-headless]==1.8.2.1", "opencv-python-headless==4.12.0.88"),
    "import dvr_scan, cv2",
)

CNT = Environment("cnt", ("opencv-contrib-python-headless",), "import cv2; cv2.bgsegm")

SUBSENSE = Environment(
    "subsense",
    ("pybgs", "numpy<2", "opencv-python-headless<4.12"),
    "import cv2, pybgs; pybgs.SuBSENSE",
    "; it is compiled and needs libopencv-dev and CMake",
)
