"""The reading thread: order, loss, errors, and its end."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from monitor.capture.reader import AHEAD, Reader
from monitor.errors import SourceError
from monitor.frames import Frame


def frames(count: int) -> Iterator[Frame]:
    luma = np.zeros((2, 2), dtype=np.uint8)
    for index in range(count):
        yield Frame(index, index / 25.0, luma, None, lambda: np.zeros((2, 2, 3), dtype=np.uint8))


def test_all_frames_arrive_in_order() -> None:
    with Reader(frames(100)) as reader:
        assert [frame.index for frame in reader] == list(range(100))


def test_an_error_comes_after_the_frames_before_it() -> None:
    def broken() -> Iterator[Frame]:
        yield from frames(3)
        raise SourceError("the disk is gone")

    with Reader(broken()) as reader:
        iterator = iter(reader)
        assert [next(iterator).index for _ in range(3)] == [0, 1, 2]
        with pytest.raises(SourceError, match="the disk is gone"):
            next(iterator)


def test_the_reader_waits_and_does_not_run_ahead_without_bound() -> None:
    read: list[int] = []
    ahead = threading.Event()

    def counted() -> Iterator[Frame]:
        for frame in frames(1000):
            read.append(frame.index)
            if len(read) == AHEAD + 1:
                ahead.set()
            yield frame

    with Reader(counted()):
        assert ahead.wait(10.0)
    assert len(read) <= AHEAD + 2


def test_leaving_early_ends_the_thread() -> None:
    with Reader(frames(1000)) as reader:
        assert next(iter(reader)).index == 0
    assert not [thread for thread in threading.enumerate() if thread.name == "reader"]
