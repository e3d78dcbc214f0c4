"""Disks that are full or may not be written to."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.reliability.fault import MissingError, Row, judged
from benchmarks.reliability.watching import camera, configure, watching
from tests.alerts.receiver import receiving

DISK_MB = 24
KEPT_FREE_MB = 8

Change = Callable[[Path], None]
"""Does something to the disk that is mounted there."""


@contextmanager
def _disk(place: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        raise MissingError("only root may mount a small disk")
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise MissingError("a small disk cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def full(folder: Path, short: bool) -> Row:
    """Fill the disk, and make room again."""
    return _tried(folder, short, _fill, lambda out: (out / "ballast").unlink(), "is filled to the last byte")


def read_only(folder: Path, short: bool) -> Row:
    """Let the disk be read only, and writable again."""
    return _tried(folder, short, _remount("ro"), _remount("rw"), "is remounted read only")


def _fill(out: Path) -> None:
    with (out / "ballast").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return


def _remount(how: str) -> Change:
    def remount(out: Path) -> None:
        # Of this mount alone, and by lazy means: the file system itself refuses while files are open.
        command = ["mount", "-o", f"remount,bind,{how}", str(out)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise MissingError(f"a disk in use cannot be remounted ({how}) here")

    return remount


def _tried(folder: Path, short: bool, harm: Change, mend: Change, how: str) -> Row:
    with _disk(folder / "out") as out, camera(folder) as server, receiving() as receiver:
        hook = {"webhook": {"server": {"url": receiver.url, "when": "both"}}}
        recording = {"continuous": True, "min_free_mb": KEPT_FREE_MB}
        config = configure(folder, server.address, alerts=hook, recording=recording)
        with watching(config, out) as watch:
            watch.wait("event", lambda: watch.events(phase="closed"))
            harm(out)
            harmed_s = time.monotonic()
            stopped_s = (
                watch.wait("stop of recording", lambda: watch.count("recording has stopped")) - harmed_s
            )
            before, alerts = len(watch.events(phase="closed")), len(receiver.requests)
            more = 1 if short else 5
            watch.wait("events", lambda: len(watch.events(phase="closed")) >= before + more, 60.0)
            watch.wait("their alerts", lambda: len(receiver.requests) >= alerts + 2 * more)
            notices = watch.count("yard: recording has stopped")
            clips = _clips(out)
            mend(out)
            mended_s = time.monotonic()
            resumed_s = (
                watch.wait("recording again", lambda: watch.count("yard: recording has resumed")) - mended_s
            )
            before = len(watch.events(phase="closed"))
            watch.wait("events", lambda: len(watch.events(phase="closed")) > before)
            time.sleep(2.0)
            after, code = _clips(out), watch.stop()
            tracebacks = watch.count("Traceback")
    return judged(
        f"the disk {how}, and later made good",
        "recording stops with one alert, detection and alerts go on, recording resumes by itself",
        f"stopped after {stopped_s:.1f} s with {notices} alert; {more} events meanwhile alerted; resumed "
        f"after {resumed_s:.1f} s; {len(after - clips)} clips after it; {tracebacks} tracebacks; "
        f"exit code {code}",
        {
            "one alert": notices == 1,
            "clips again": bool(after - clips),
            "ended in order": code == 0,
        },
    )


def _clips(out: Path) -> set[Path]:
    return set(out.glob("yard/clips/*/*.mp4"))
