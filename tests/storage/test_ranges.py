"""Reading by ranges: what is fetched, how much of it is kept, and what happens when it fails."""

import io
import random

import pytest

from monitor.errors import SourceError
from monitor.storage.ranges import BLOCK_BYTES, LONGEST_RUN, MOST_BLOCKS, RangeReader

CONTENT = random.Random(0).randbytes(100 * BLOCK_BYTES + 123)


class Line:
    """Fetches from `CONTENT` and notes the ranges."""

    def __init__(self) -> None:
        self.ranges: list[tuple[int, int]] = []

    def fetch(self, start: int, end: int) -> bytes:
        self.ranges.append((start, end))
        return CONTENT[start:end]


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def reader(line: Line) -> RangeReader:
    return RangeReader(line.fetch, len(CONTENT))


def test_every_read_gives_what_the_file_holds(reader: RangeReader) -> None:
    chance = random.Random(5)
    truth = io.BytesIO(CONTENT)
    with reader:
        for _ in range(300):
            place, size = chance.randrange(len(CONTENT) + 10), chance.randrange(3 * BLOCK_BYTES)
            assert reader.seek(place) == truth.seek(place)
            assert reader.read(size) == truth.read(size)
            assert reader.tell() == truth.tell()


def test_nothing_is_fetched_until_something_is_read(reader: RangeReader, line: Line) -> None:
    with reader:
        reader.seek(-1, io.SEEK_END)
    assert line.ranges == []


def test_a_jump_fetches_one_block_alone(reader: RangeReader, line: Line) -> None:
    with reader:
        reader.seek(50 * BLOCK_BYTES + 17)
        reader.read(10)
        reader.seek(0)
        reader.read(10)
    assert line.ranges == [(50 * BLOCK_BYTES, 51 * BLOCK_BYTES), (0, BLOCK_BYTES)]
    assert reader.fetched_bytes == 2 * BLOCK_BYTES


def test_reading_on_end_asks_for_each_byte_once_in_ever_longer_runs(reader: RangeReader, line: Line) -> None:
    with reader:
        while reader.read(32768):
            pass
    assert [start for start, _ in line.ranges[1:]] == [end for _, end in line.ranges[:-1]]
    assert line.ranges[-1][1] == len(CONTENT)
    assert max(end - start for start, end in line.ranges) == LONGEST_RUN * BLOCK_BYTES
    assert len(line.ranges) < 100 / LONGEST_RUN + 8


def test_what_is_kept_is_bounded(reader: RangeReader, line: Line) -> None:
    with reader:
        reader.read()
        reader.seek((100 - MOST_BLOCKS + LONGEST_RUN) * BLOCK_BYTES)
        before = len(line.ranges)
        reader.read()
        assert len(line.ranges) == before, "the latest blocks are kept"
        reader.seek(0)
        reader.read(1)
        assert len(line.ranges) == before + 1, "the first ones were let go"


def test_a_failure_reaches_who_reads() -> None:
    def fail(start: int, end: int) -> bytes:
        raise SourceError("the store is gone")

    with RangeReader(fail, 100) as reader, pytest.raises(SourceError, match="gone"):
        reader.read(1)


def test_closing_twice_lets_go_once(line: Line) -> None:
    releases = []
    reader = RangeReader(line.fetch, len(CONTENT), lambda: releases.append(1))
    reader.read(1)
    reader.close()
    reader.close()
    assert releases == [1]
