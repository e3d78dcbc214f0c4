"""A crash between any two writes to the disk leaves what was recorded up to a second before."""

from pathlib import Path

import pytest

from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.layout import unfinished
from monitor.outputs.recording.durable import DurableFile
from monitor.outputs.recording.leftovers import settle
from monitor.outputs.recording.parts import Parts
from tests.outputs.recording.coded import RATE_HZ, coded, shown


class Written:
    """All that is written to a file, in order, so that it can be left as after any of the writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.writes: list[tuple[int, bytes]] = []
        self.pictures: list[int] = []
        self.count = 0
        write = DurableFile.write

        def keep(file: DurableFile, data: bytes) -> int:
            self.writes.append((file.tell(), bytes(data)))
            self.pictures.append(self.count)
            return write(file, data)

        monkeypatch.setattr(DurableFile, "write", keep)

    def after(self, number: int) -> bytes:
        """What is in the file after so many writes."""
        content = bytearray()
        for place, data in self.writes[:number]:
            content.extend(bytes(max(0, place + len(data) - len(content))))
            content[place : place + len(data)] = data
        return bytes(content)


@pytest.mark.parametrize("name", ["H.264 with B-frames", "H.265", "Motion JPEG"])
def test_what_is_on_the_disk_plays_after_every_single_write(
    name: str, tmp_path: Path, guard: DiskGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Written(monkeypatch)
    parts = Parts(tmp_path / "whole.mp4", guard)
    for picture in coded(name):
        written.count += 1
        parts.write([picture])
    (whole,) = parts.complete()
    assert written.after(len(written.writes)) == whole.read_bytes()
    torn = unfinished(whole.with_stem("torn"))
    # Each second the writes are alike: all of the first two, and all while the file is completed.
    begin = next((i for i, n in enumerate(written.pictures) if n > 2 * RATE_HZ + 1), 0)
    for number in [*range(1, begin), *range(max(begin, len(written.writes) - 12), len(written.writes))]:
        torn.write_bytes(written.after(number))
        kept = settle(torn)
        numbers = shown(kept)[0] if kept is not None else []
        assert numbers == sorted(numbers)
        assert len(numbers) >= written.pictures[number - 1] - RATE_HZ - 3
        if kept is not None:
            kept.unlink()
