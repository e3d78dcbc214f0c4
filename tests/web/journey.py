"""The whole program with a camera of the test, its page, and a real browser before it."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from monitor.clock import SystemClock
from monitor.settings.load import load_settings
from monitor.web.security.passwords import hashed
from monitor.web.security.roles import Role
from monitor.web.serving import accounts_of
from tests.capture.live.servers import PART, HttpServer
from tests.web.given import PASSWORD

RATE_HZ = 10.0
ROUND_S, CALM_S, PASSES_S = 12.0, 6.0, 4.0
"""Somebody dark passes for four seconds out of twelve, after the place was learnt."""

SIZE = (640, 360)
PATIENCE_MS = 90_000
"""So long is waited for what must come, on a machine that is busy."""


@cache
def pictures() -> list[bytes]:
    """A round of a yard in which somebody passes, as JPEG."""
    rng = np.random.default_rng(7)
    width, _ = SIZE
    yard = cv2.resize(
        rng.integers(60, 200, (18, 32, 3)).astype(np.uint8), SIZE, interpolation=cv2.INTER_CUBIC
    )
    found = []
    for number in range(round(ROUND_S * RATE_HZ)):
        picture = yard.copy()
        along = (number / RATE_HZ - CALM_S) / PASSES_S
        if 0 <= along <= 1:
            x = round(along * (width + 60)) - 60
            cv2.rectangle(picture, (x, 150), (x + 50, 300), (20, 20, 30), -1)
        noisy = np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)
        found.append(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())
    return found


class Yard:
    """The camera: a server of Motion JPEG that can be switched off."""

    def __init__(self) -> None:
        self.is_on = threading.Event()
        self.is_on.set()
        pictures()  # made before anybody waits for them

    def parts(self) -> Iterator[bytes]:
        """The pictures at their pace, for as long as the camera is on."""
        begun_s, number = time.monotonic(), 0
        pause = threading.Event()
        while self.is_on.is_set():
            picture = pictures()[number % len(pictures())]
            yield PART % (len(picture), picture)
            number += 1
            pause.wait(max(0.0, begun_s + number / RATE_HZ - time.monotonic()))


@contextmanager
def watched(folder: Path, camera: Yard) -> Iterator[tuple[str, Path]]:
    """Watch the camera with the page beside it; gives the page's address and the settings file."""
    with HttpServer() as server:
        config = folder / "monitor.yaml"
        config.write_text(
            f"# The yard.\noutputs: {{folder: {folder / 'recordings'}}}\nweb: {{port: 0}}\n"
            f"clips: {{mode: encode}}  # plays in a browser\ncameras:\n"
            f"  yard:\n    address: {server.serve('/yard', camera.parts)}\n"
        )
        settings = load_settings(config)
        settings.outputs.folder.mkdir()
        accounts_of(settings, SystemClock()).add_user("anna", hashed(PASSWORD), Role.ADMIN, None)
        with (folder / "log").open("w") as log:
            command = [sys.executable, "-m", "monitor", "watch", "--config", str(config), "--web"]
            program = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "NO_COLOR": "1"})
        try:
            yield _address(folder / "log", program), config
        finally:
            program.terminate()
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def _address(log: Path, program: "subprocess.Popen[bytes]") -> str:
    pause, until_s = threading.Event(), time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until_s and program.poll() is None:
        if told := re.search(r"The page is at (\S+)", log.read_text()):
            return told[1]
        pause.wait(0.1)
    raise AssertionError(f"no page was served: {log.read_text()}")


def colours_of(page: Any, selector: str) -> int:
    """How many different colours a canvas shows: one, before there is a picture."""
    script = """(selector) => {
        const canvas = document.querySelector(selector), seen = new Set();
        if (!canvas) return 0;
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        for (let at = 0; at < data.length; at += 404) seen.add((data[at] << 16) | data[at + 1]);
        return seen.size;
    }"""
    return int(page.evaluate(script, selector))
