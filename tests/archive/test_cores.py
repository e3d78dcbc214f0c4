"""The cores of a machine are shared among recordings, not among the threads of one decoder."""

import pytest

from monitor.archive.cores import PROCESS_BYTES, Split, split_cores

PLENTY = 100 * PROCESS_BYTES


@pytest.mark.parametrize(
    ("inputs", "wanted", "expected"),
    [
        (1, 0, Split(1, 8)),
        (3, 0, Split(3, 2)),
        (1000, 0, Split(8, 1)),
        (1000, 2, Split(2, 4)),
        (1000, 20, Split(20, 1)),
        (2, 20, Split(2, 4)),
        (0, 0, Split(1, 8)),
    ],
)
def test_eight_cores_are_shared_among_as_many_recordings_as_there_are(
    inputs: int, wanted: int, expected: Split
) -> None:
    assert split_cores(inputs, wanted, cores=8, available_bytes=PLENTY) == expected


def test_where_memory_is_short_fewer_are_scanned_at_a_time() -> None:
    assert split_cores(1000, cores=8, available_bytes=3 * PROCESS_BYTES) == Split(3, 2)
    assert split_cores(1000, cores=8, available_bytes=0) == Split(1, 8)


def test_who_names_a_number_gets_it_also_where_memory_is_short() -> None:
    assert split_cores(1000, 4, cores=8, available_bytes=0) == Split(4, 2)
