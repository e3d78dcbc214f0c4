"""The last seconds of a camera, in whole groups of pictures."""

import threading
from dataclasses import replace

import pytest

from monitor.capture.coded import CodedPicture
from monitor.frames import Size
from monitor.outputs.recording.ring import CodedRing
from tests.outputs.recording.coded import GOP, RATE_HZ, START_S, coded

EVERYTHING_S = 0.0
AMPLE_BYTES = 1 << 30


def numbers(pictures: list[CodedPicture]) -> list[int]:
    return sorted(round((picture.time_s - START_S) * RATE_HZ) for picture in pictures)


def filled(ring: CodedRing, count: int = 100, name: str = "H.264") -> CodedRing:
    for picture in coded(name)[:count]:
        ring.add(picture)
    return ring


@pytest.mark.parametrize("name", ["H.264", "H.264 with B-frames", "H.265", "Motion JPEG"])
@pytest.mark.parametrize("count", range(1, 100, 7))
def test_it_always_begins_with_a_key_picture(name: str, count: int) -> None:
    assert filled(CodedRing(1.0, AMPLE_BYTES), count, name).since(EVERYTHING_S)[0].is_key


def test_it_holds_its_span_and_less_than_a_group_more() -> None:
    for count in range(30, 100):
        kept = numbers(filled(CodedRing(1.0, AMPLE_BYTES), count).since(EVERYTHING_S))
        assert kept == list(range(kept[0], count))
        assert RATE_HZ <= kept[-1] - kept[0] < RATE_HZ + GOP


def test_what_is_taken_begins_at_the_key_picture_before() -> None:
    ring = filled(CodedRing(10.0, AMPLE_BYTES))
    assert numbers(ring.since(START_S + 45 / RATE_HZ)) == list(range(40, 100))
    assert numbers(ring.since(START_S + 40 / RATE_HZ)) == list(range(40, 100))
    assert numbers(ring.since(START_S - 5.0)) == list(range(100))


def test_it_stays_within_its_bytes_by_whole_groups() -> None:
    groups = [coded()[start : start + GOP] for start in range(0, 100, GOP)]
    two = sum(len(picture.data) for group in groups[-2:] for picture in group)
    ring = CodedRing(span_s=100.0, max_bytes=two)
    for picture in coded():
        ring.add(picture)
        assert ring.size_bytes <= two
    assert numbers(ring.since(EVERYTHING_S)) == list(range(80, 100))


def test_a_group_that_is_too_large_is_dropped_whole_and_told_once() -> None:
    told: list[str] = []
    ring = CodedRing(span_s=100.0, max_bytes=100, tell=told.append)
    filled(ring)
    assert ring.since(EVERYTHING_S) == []
    assert ring.size_bytes == 0
    assert len(told) == 1
    assert "the pre-roll of clips is shorter than set" in told[0]


def test_groups_longer_than_the_span_are_told_once() -> None:
    told: list[str] = []
    filled(CodedRing(0.2, AMPLE_BYTES, tell=told.append))
    assert len(told) == 1
    assert "the pre-roll of clips is longer than set" in told[0]


def test_a_change_of_format_empties_it() -> None:
    ring = filled(CodedRing(10.0, AMPLE_BYTES))
    larger = coded(size=Size(128, 96))[:3]
    for picture in larger:
        ring.add(picture)
    assert ring.since(EVERYTHING_S) == list(larger)


def test_pictures_before_the_first_key_picture_are_let_go() -> None:
    ring = CodedRing(10.0, AMPLE_BYTES)
    for picture in coded()[4:12]:
        ring.add(picture)
    assert numbers(ring.since(EVERYTHING_S)) == [10, 11]


def test_it_keeps_the_bytes_that_it_is_given_without_a_copy() -> None:
    assert filled(CodedRing(10.0, AMPLE_BYTES)).since(EVERYTHING_S)[0].data is coded()[0].data


def test_one_thread_may_add_while_another_takes() -> None:
    # A fixed number of takes: one that takes as fast as it can starves the other on a busy machine.
    ring = CodedRing(1.0, AMPLE_BYTES)
    taken: list[list[CodedPicture]] = []
    taker = threading.Thread(target=lambda: taken.extend(ring.since(EVERYTHING_S) for _ in range(200)))
    taker.start()
    for round_ in range(20):
        for picture in coded():
            ring.add(replace(picture, time_s=picture.time_s + 4 * round_))
    taker.join()
    assert len(taken) == 200
    assert all(pictures[0].is_key for pictures in taken if pictures)
