"""The cores of a machine are shared among processes, not among the threads of one decoder."""

import pytest

from monitor.archive.cores import PROCESS_BYTES, Split, split_cores

PLENTY = 100 * PROCESS_BYTES


@pytest.mark.parametrize(
    ("wanted", "expected"), [(0, Split(8, 1)), (2, Split(2, 4)), (3, Split(3, 2)), (20, Split(20, 1))]
)
def test_eight_cores_are_shared_among_the_processes(wanted: int, expected: Split) -> None:
    assert split_cores(wanted, cores=8, available_bytes=PLENTY) == expected


def test_where_memory_is_short_there_are_fewer_processes() -> None:
    assert split_cores(cores=8, available_bytes=3 * PROCESS_BYTES) == Split(3, 2)
    assert split_cores(cores=8, available_bytes=0) == Split(1, 8)


def test_who_names_a_number_gets_it_also_where_memory_is_short() -> None:
    assert split_cores(4, cores=8, available_bytes=0) == Split(4, 2)
