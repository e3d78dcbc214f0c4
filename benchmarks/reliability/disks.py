"""Disks that are full or may not be written to."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.reliability.fault import MissingError, Row, judged
from benchmarks.reliability.watching import camera, configure, rows, watching
from monitor.outputs.journal.schema import events
from tests.alerts.receiver import receiving

DISK_MB = 24
KEPT_FREE_MB = 8

Change = Callable[[], None]
"""Does something to the disk."""


def _run(*command: str | Path) -> bool:
    """Return whether a command of the system ended well."""
    return not subprocess.run([str(word) for word in command], capture_output=True, check=False).returncode


@contextmanager
def _in_memory(place: Path) -> Iterator[Path]:
    if not _run("mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", place):
        raise MissingError("a small disk cannot be mounted here: that needs root")
    try:
        yield place
    finally:
        _run("umount", "-l", place)


@contextmanager
def _in_a_file(place: Path) -> Iterator[Path]:
    image = place.with_name("disk.ext4")
    with image.open("wb") as file:
        file.truncate(DISK_MB * 1_000_000)
    if not (_run("mkfs.ext4", "-q", image) and _mount(image, place)):
        raise MissingError("a disk in a file (ext4, loop device) cannot be mounted here: that needs root")
    try:
        yield place
    finally:
        _run("umount", "-l", place)


def _mount(image: Path, place: Path) -> bool:
    return _run("mount", "-o", "loop,errors=remount-ro", image, place)


def full(folder: Path, short: bool) -> Row:
    """Fill the disk, and make room again."""
    with _in_memory(_place(folder)) as out:
        mend = partial(Path.unlink, out / "ballast")
        return _tried(out, short, partial(_fill, out), mend, "is filled to the last byte, and room is made")


def read_only(folder: Path, short: bool) -> Row:
    """Let the disk's file system meet an error, upon which it is read only, and bring the disk back."""
    with _in_a_file(_place(folder)) as out:
        how = "meets an error and is read only (ext4, errors=remount-ro), is then checked and mounted anew"
        return _tried(out, short, partial(_meet_error, out), partial(_bring_back, out), how)


def _place(folder: Path) -> Path:
    place = folder / "out"
    place.mkdir()
    return place


def _fill(out: Path) -> None:
    with (out / "ballast").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return


def _meet_error(out: Path) -> None:
    device = subprocess.run(["findmnt", "-n", "-o", "SOURCE", str(out)], capture_output=True, text=True)
    trigger = Path("/sys/fs/ext4", Path(device.stdout.strip()).name, "trigger_fs_error")
    try:
        trigger.write_text("1")
    except OSError as error:
        raise MissingError(f"ext4 cannot be told here to meet an error ({error.strerror})") from None


def _bring_back(out: Path) -> None:
    # The program still has files open on the disk as it was, which would come back as it is: hence the copy.
    mended = out.with_name("mended.ext4")
    shutil.copy(out.with_name("disk.ext4"), mended)
    _run("e2fsck", "-f", "-y", mended)
    if not (_run("umount", "-l", out) and _mount(mended, out)):
        raise MissingError("a disk in use cannot be mounted anew here")


def _tried(out: Path, short: bool, harm: Change, mend: Change, how: str) -> Row:
    folder = out.parent
    with camera(folder) as server, receiving() as receiver:
        hook = {"webhook": {"server": {"url": receiver.url, "when": "both"}}}
        recording = {"continuous": True, "min_free_mb": KEPT_FREE_MB}
        config = configure(folder, server.address, alerts=hook, recording=recording)
        with watching(config, out) as watch:
            watch.wait("event", lambda: watch.events(phase="closed"))
            harm()
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
            mend()
            mended_s = time.monotonic()
            resumed_s = (
                watch.wait("recording again", lambda: watch.count("yard: recording has resumed")) - mended_s
            )
            before = len(watch.events(phase="closed"))
            watch.wait("events", lambda: len(watch.events(phase="closed")) > before)
            time.sleep(2.0)
            after, code = _clips(out), watch.stop()
            tracebacks = watch.count("Traceback")
            told = {event["id"] for event in watch.said}
            forgotten = told - {row.id for row in rows(out, events)}
    return judged(
        f"the disk {how}",
        "recording stops with one alert, detection and alerts go on, recording resumes by itself, the "
        "journal has every event",
        f"stopped after {stopped_s:.1f} s with {notices} alert; {more} events meanwhile alerted; resumed "
        f"after {resumed_s:.1f} s; {len(after - clips)} clips after it; {len(forgotten)} of "
        f"{len(told)} events not in the journal; {tracebacks} tracebacks; exit code {code}",
        {
            "one alert": notices == 1,
            "clips again": bool(after - clips),
            "journal whole": not forgotten,
            "ended in order": code == 0,
        },
    )


def _clips(out: Path) -> set[Path]:
    return set(out.glob("yard/clips/*/*.mp4"))
