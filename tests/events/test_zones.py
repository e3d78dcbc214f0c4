"""What zones a track is in."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.events.zones import sensitivity_of, zones_of
from tests.events.given import NOBODY

SENSITIVITIES = {"gate": 2.0, "road": 0.5}

shares = st.dictionaries(st.sampled_from(["gate", "road", "door"]), st.floats(0, 1))


@pytest.mark.parametrize(("share", "zones"), [(0.24, ()), (0.25, ("gate",)), (1.0, ("gate",))])
def test_a_quarter_inside_is_inside(share: float, zones: tuple[str, ...]) -> None:
    assert zones_of(replace(NOBODY, zones=(("gate", share),))) == zones


def test_outside_all_zones_the_sensitivity_is_one() -> None:
    assert sensitivity_of(NOBODY, SENSITIVITIES) == 1.0


@pytest.mark.parametrize(
    ("names", "expected"), [(("gate",), 2.0), (("road",), 0.5), (("gate", "road"), 2.0), (("door",), 1.0)]
)
def test_the_highest_sensitivity_counts(names: tuple[str, ...], expected: float) -> None:
    track = replace(NOBODY, zones=tuple((name, 0.5) for name in names))
    assert sensitivity_of(track, SENSITIVITIES) == expected


@settings(derandomize=True, deadline=None)
@given(shares)
def test_a_zone_that_it_only_touches_changes_nothing(found: dict[str, float]) -> None:
    track = replace(NOBODY, zones=tuple(found.items()))
    inside = replace(NOBODY, zones=tuple((name, found[name]) for name in zones_of(track)))
    assert sensitivity_of(track, SENSITIVITIES) == sensitivity_of(inside, SENSITIVITIES)
