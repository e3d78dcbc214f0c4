"""Pixels are counted as CDnet counts them."""

import numpy as np
import pytest

from benchmarks.accuracy.counts import Counts, count, mean_rates, rates
from monitor.frames import Plane


def _plane(*rows: list[int]) -> Plane:
    return np.array(rows, np.uint8)


def test_each_answer_is_counted_under_its_truth() -> None:
    truth = _plane([255, 255, 255, 0, 0, 0, 0])
    mask = _plane([255, 255, 0, 255, 0, 0, 0])
    assert count(truth, mask) == Counts(tp=2, fp=1, fn=1, tn=3)


def test_shadow_counts_as_background() -> None:
    assert count(_plane([50, 50]), _plane([255, 0])) == Counts(fp=1, tn=1)


@pytest.mark.parametrize("label", [85, 170])
def test_what_is_outside_or_unknown_does_not_count(label: int) -> None:
    assert count(_plane([label, label]), _plane([255, 0])) == Counts()


def test_any_value_of_the_mask_but_0_is_moving() -> None:
    assert count(_plane([255, 255]), _plane([1, 127])) == Counts(tp=2)


def test_a_mask_of_another_size_is_brought_to_the_truths_by_nearest_neighbour() -> None:
    truth = _plane([255, 0], [0, 0])
    mask = np.kron(truth, np.ones((2, 2), np.uint8))
    assert count(truth, mask) == Counts(tp=1, tn=3)


def test_counts_of_frames_add_up() -> None:
    assert Counts(1, 2, 3, 4) + Counts(10, 20, 30, 40) == Counts(11, 22, 33, 44)


def test_the_seven_measures_are_those_of_cdnet() -> None:
    measured = rates(Counts(tp=6, fp=2, fn=4, tn=88))
    assert measured.recall == pytest.approx(6 / 10)
    assert measured.specificity == pytest.approx(88 / 90)
    assert measured.fpr == pytest.approx(2 / 90)
    assert measured.fnr == pytest.approx(4 / 10)
    assert measured.pwc == pytest.approx(100 * 6 / 100)
    assert measured.precision == pytest.approx(6 / 8)
    assert measured.f == pytest.approx(2 * 0.6 * 0.75 / (0.6 + 0.75))


def test_what_cannot_be_measured_is_0() -> None:
    assert rates(Counts(tn=5)).f == 0
    assert rates(Counts()).pwc == 0


def test_sets_count_alike_in_the_mean_whatever_their_size() -> None:
    large, small = rates(Counts(tp=1000)), rates(Counts(fn=1))
    assert mean_rates([large, small]).recall == pytest.approx(0.5)
