"""A real `monitor watch` process on a real RTSP server, and what it said and left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Table, select

from benchmarks.paths import ROOT
from benchmarks.reliability.fault import FaultError, MissingError
from benchmarks.reliability.footage import SIZE, access_units, write_units
from monitor.frames import Size
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.journal import Journal

SYSTEM_PYTHON = Path("/usr/bin/python3")
_SERVER = Path(__file__).with_name("rtsp_loop.py")
_BINDINGS = (
    "import gi; gi.require_version('Gst', '1.0'); gi.require_version('GstRtspServer', '1.0'); "
    "from gi.repository import GstRtspServer, Gst; Gst.init(None); "
    "assert Gst.ElementFactory.find('rtph264pay')"
)

PATIENCE_S = 30.0
"""What has not happened after so long is not going to: four times what the slowest step takes when idle."""

CAMERA = "yard"

QUICK = {
    "motion": {"event_gap_s": 0.6},
    "clips": {"pre_roll_s": 1.0, "post_roll_s": 0.5},
    "advanced": {"background": {"warm_up_s": 1.0}},
}
"""Settings that make a loop of ten seconds long enough; all limits of what is found are the default ones."""

READING = {"silence_s": 2.0, "open_s": 3.0, "read_s": 4.0, "hang_s": 10.0}
"""A camera's limits, a third of the default ones, for the same reason."""


def need_server() -> None:
    """Raise `MissingError` where GStreamer's RTSP server is not installed."""
    command = [str(SYSTEM_PYTHON), "-c", _BINDINGS]
    if not SYSTEM_PYTHON.exists() or subprocess.run(command, capture_output=True, check=False).returncode:
        raise MissingError("GStreamer's RTSP server is not installed (gir1.2-gst-rtsp-server-1.0)")


class Camera:
    """An RTSP server that sends the loop; `port` 0 is a free one, `loss` the share of packets lost."""

    def __init__(
        self, folder: Path, port: int = 0, codec: str = "h264", size: Size = SIZE, loss: float = 0.0
    ) -> None:
        file = folder / f"{codec}-{size.width}.units"
        if not file.exists():
            write_units(access_units("mjpeg" if codec == "mjpeg" else "libx264", size), file)
        numbers = ["--port", str(port), "--width", str(size.width), "--height", str(size.height)]
        numbers += ["--loss", str(loss)]
        self._process = subprocess.Popen(
            [str(SYSTEM_PYTHON), str(_SERVER), str(file), "--codec", codec, *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.address = f"rtsp://127.0.0.1:{self.port}/cam"

    def kill(self) -> None:
        """End it without a word, as a power cut does; safe to call twice."""
        self._process.kill()
        self._process.wait()
        _close(self._process)


def _close(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


@contextmanager
def camera(folder: Path, **options: Any) -> Iterator[Camera]:
    """Give a server that is gone at the end."""
    need_server()
    server = Camera(folder, **options)
    try:
        yield server
    finally:
        server.kill()


def configure(folder: Path, address: str, *, transport: str = "tcp", **sections: Mapping[str, Any]) -> Path:
    """Write the settings of one camera, with these sections over the quick ones; JSON is YAML."""
    settings = {
        **QUICK,
        "cameras": {CAMERA: {"address": address, "transport": transport, **READING}},
        "retention": {"min_free_fraction": 0.0, "min_free_gb": 0.0},
        **sections,
    }
    file = folder / "monitor.yaml"
    file.write_text(json.dumps(settings))
    return file


class Watch:
    """`monitor watch` with these settings, supervised or within one process; what it says is kept.

    `said` holds its events as JSON, opened and closed, with `heard_s` by the steady clock, `log` its other
    lines; both grow in threads.
    """

    def __init__(
        self,
        config: Path,
        out: Path,
        *,
        here: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.out = out
        self.said: list[dict[str, Any]] = []
        self.log: list[str] = []
        self._changed = threading.Condition()
        command, source = [sys.executable, "-m", "monitor", "watch"], [CAMERA] if here else []
        self.process = subprocess.Popen(
            [*command, *source, "--json", "-c", str(config), "--out", str(out)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=config.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            start_new_session=True,
        )
        self._threads = [
            threading.Thread(target=self._hear, args=(self.process.stdout, self._event), daemon=True),
            threading.Thread(target=self._hear, args=(self.process.stderr, self.log.append), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def wait(self, what: str, is_so: Callable[[], object], patience_s: float = PATIENCE_S) -> float:
        """Wait until it is so; return when it was, by the steady clock. Raises `FaultError` if never."""
        until_s = time.monotonic() + patience_s
        with self._changed:
            while not is_so():
                if time.monotonic() > until_s:
                    raise FaultError(f"no {what} within {patience_s:g} s; its last words: {self.log[-3:]}")
                if self.process.poll() is not None:
                    raise FaultError(f"ended by itself, waiting for {what}: {self.log[-3:]}")
                self._changed.wait(0.05)
        return time.monotonic()

    def wait_said(self, text: str, count: int = 1, patience_s: float = PATIENCE_S) -> float:
        """Wait for a line of the log that has `text` in it."""
        return self.wait(text, lambda: self.count(text) >= count, patience_s)

    def count(self, text: str) -> int:
        """Return how many lines of the log have `text` in them."""
        return sum(text in line for line in list(self.log))

    def events(self, kind: str = "motion", phase: str = "opened") -> list[dict[str, Any]]:
        """Return what was said of events of this kind."""
        return [record for record in list(self.said) if (record["kind"], record["phase"]) == (kind, phase)]

    def stop(self, patience_s: float = 8.0) -> int:
        """Ask it to end; return its exit code, -9 where it had to be killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.kill()
        for thread in self._threads:
            thread.join(2.0)
        _close(self.process)
        return self.process.returncode

    def kill(self) -> float:
        """Kill it with all its processes at once, as a power cut does; return when, by the steady clock."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        at_s = time.monotonic()
        self.process.wait()
        for thread in self._threads:
            thread.join(2.0)
        _close(self.process)
        return at_s

    def _hear(self, pipe: IO[str], take: Callable[[str], None]) -> None:
        for line in pipe:
            with self._changed:
                take(line.rstrip())
                self._changed.notify_all()

    def _event(self, line: str) -> None:
        self.said.append({**json.loads(line), "heard_s": time.monotonic()})


@contextmanager
def watching(config: Path, out: Path, **options: Any) -> Iterator[Watch]:
    """Give a watch that is ended at the end."""
    watch = Watch(config, out, **options)
    try:
        yield watch
    finally:
        if watch.process.poll() is None:
            watch.stop()


def rows(out: Path, table: Table, address: str = "") -> list[Any]:
    """Return all rows of a table of the journal."""
    with Journal.open(journal_url(address, out), create=False) as journal, journal.reading() as connection:
        return list(connection.execute(select(table)).all())


def moment(record: Mapping[str, Any], key: str) -> datetime:
    """Return a time of an event's record."""
    return datetime.fromisoformat(record[key])
