"""Values as people read them."""

import pytest

from monitor.outputs.wording import shown_length

HOUR_S = 3600


@pytest.mark.parametrize(
    ("length_s", "shown"),
    [
        (None, "—"),
        (7.24, "7.2 s"),
        (725, "12:05"),
        (3 * HOUR_S + 725, "3:12:05"),
        (24 * HOUR_S, "24:00:00"),
        (48 * HOUR_S + 5, "2 d 0:00:05"),
        (5039 * HOUR_S, "209 d 23:00:00"),
    ],
)
def test_a_length_is_told_in_the_units_that_it_needs(length_s: float | None, shown: str) -> None:
    assert shown_length(length_s) == shown
