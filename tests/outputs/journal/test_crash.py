"""A program that is killed while it writes, a disk that is full: what was taken is there or can be mended."""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock, SystemClock
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.check import Check
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import Filter, find_events
from monitor.outputs.journal.repair import Repair
from monitor.outputs.journal.writer import RETRY_S, JournalWriter
from tests.outputs.journal.given import closed_entry

ROOT = Path(__file__).parents[3]

WRITING = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from dataclasses import replace
from pathlib import Path
from monitor.clock import SystemClock
from monitor.outputs.files import FileLedger
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.sink import JournalSink
from monitor.outputs.journal.writer import JournalWriter
from monitor.outputs.recording.names import DatedNames
from tests.outputs.journal.given import event, seen
from tests.outputs.scene import closed, near_miss, opened

folder, video = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
place, names, files = journal_url("", folder), DatedNames(folder / "yard"), FileLedger(folder)
with JournalWriter(lambda: Journal.open(place), folder, SystemClock(), "pi") as writer:
    sink = JournalSink(writer, "yard", files, SystemClock())
    number = int(sys.argv[3])
    while True:
        number += 1
        start_s = 10.0 * number
        clip = names.clip(event(number, start_s))
        part = clip.with_name(f".{{clip.stem}}.part.mp4")
        clip.parent.mkdir(parents=True, exist_ok=True)
        sink.take(seen(start_s, (opened(event(number, start_s)),)))
        print(f"opened {{number}}", flush=True)
        part.write_bytes(video)
        part.rename(clip)
        files.wrote_clip(event(number).id, clip)
        sink.take(seen(start_s + 6, (closed(event(number, start_s, start_s + 5)),), (near_miss(),)))
        print(f"closed {{number}}", flush=True)
"""


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.capture.encode import encode
    from tests.cli.recordings import crossing

    return encode(tmp_path_factory.mktemp("video") / "clip.mp4", crossing(lasts_s=0.2))


def _killed_after(folder: Path, video: Path, first: int, wait_s: float) -> tuple[set[int], set[int]]:
    """Let a process write and kill it; return which events it said to have opened and closed."""
    command = [sys.executable, "-c", WRITING, str(folder), str(video), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline()]
        SystemClock().sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        said += process.stdout.read().splitlines()
    words = [line.split() for line in said if len(line.split()) == 2]
    return tuple({int(n) for what, n in words if what == which} for which in ("opened", "closed"))  # type: ignore[return-value]


def test_after_a_kill_at_any_moment_all_is_there_or_can_be_mended(tmp_path: Path, video: Path) -> None:
    chance = random.Random(5)
    place = journal_url("", tmp_path)
    opened: set[int] = set()
    for _ in range(12):
        more, closed = _killed_after(tmp_path, video, max(opened, default=0), chance.uniform(0.0, 0.05))
        opened |= more
        with Journal.open(place, create=False) as journal:
            found = {int(event.id[:8], 16): event for event in find_events(journal, Filter())}
            assert opened <= set(found)
            for number in closed:
                assert not found[number].is_open
                assert (tmp_path / str(found[number].record["files"]["clip"])).is_file()
            outcomes = Repair(tmp_path, journal, lambda: Journal.open(place), "pi", SystemClock()).run()
            assert [outcome.error for outcome in outcomes if outcome.did is None] == []
            assert list(Check(tmp_path, journal, "pi", datetime.now(UTC)).findings()) == []
            opened |= set(found)
    # What was killed before its first picture was whole does not play; a whole clip is never there.
    assert all(".part" in path.name for path in (tmp_path / "lost+found").rglob("*.mp4"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _fill(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def test_what_a_full_disk_did_not_take_is_written_when_there_is_room(small_disk: Path) -> None:
    place, clock = journal_url("", small_disk), SimulatedClock()
    filler = small_disk / "filler"
    with JournalWriter(lambda: Journal.open(place), small_disk, clock, "pi") as writer:
        writer.write([closed_entry(1)])
        _fill(filler)
        for number in range(2, 200):
            writer.write([closed_entry(number)])
        assert writer.away is not None
        assert "Free some space" in writer.away
        filler.unlink()
        clock.advance(RETRY_S)
        writer.write([closed_entry(200)])
        assert (writer.waiting, writer.dropped) == (0, 0)
    with Journal.open(place) as journal:
        assert sum(1 for _ in find_events(journal, Filter())) == 200
        assert list(Check(small_disk, journal, "pi", datetime.now(UTC)).findings()) == []
