"""Limits are read from a short text that can do nothing but compare a measure with a number."""

import math

import pytest

from monitor.comparing.limits import limit_of, passed
from monitor.comparing.measures import Measures
from monitor.errors import UsageError

MEASURES = Measures(100.0, 2.0, 50, 0.5, 9.0, 30.0, 0.97, 0.1, 0.3, 0.02, 4)


@pytest.mark.parametrize(
    ("text", "is_passed"),
    [
        ("ssim<0.98", True),
        ("ssim<0.97", False),
        ("ssim <= 0.97", True),
        ("psnr_db<40", True),
        ("psnr<20", False),
        ("kl>0.05", True),
        ("kl_nats>=1e-1", True),
        ("hash>4", False),
        ("boxes>2", True),
        ("boxes>3", False),
        ("zero_per_pixel>.6", False),
    ],
)
def test_a_limit_compares_a_measure_with_a_number(text: str, is_passed: bool) -> None:
    assert bool(passed([limit_of(text)], MEASURES, boxes=3)) == is_passed


def test_of_several_limits_those_that_are_passed_are_named() -> None:
    limits = [limit_of(text) for text in ("ssim<0.98", "mse>10", "mse>8")]
    assert passed(limits, MEASURES, boxes=0) == ("ssim<0.98", "mse>8")


def test_equal_pictures_pass_no_limit_on_decibels() -> None:
    equal = Measures(0, 0, 0, 0, 0, math.inf, None, 0, 0, 0, 0)
    assert passed([limit_of("psnr<99"), limit_of("ssim<1")], equal, boxes=0) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "give NAME<NUMBER or NAME>NUMBER"),
        ("ssim", "give NAME<NUMBER"),
        ("ssim=0.9", "give NAME<NUMBER"),
        ("0.9>ssim", "give NAME<NUMBER"),
        ("ssim<0.9<1", "give NAME<NUMBER"),
        ("sim<0.9", "no measure 'sim'; there are manhattan, "),
        ("ssim<high", "'high' is no number"),
        ("ssim<nan", "'nan' is no number"),
        ("ssim<inf", "'inf' is no number"),
        ("__import__('os').system('x')<1", "give NAME<NUMBER"),
    ],
)
def test_what_is_no_limit_is_refused_with_an_example(text: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        limit_of(text)
    assert str(caught.value).startswith(f"--fail-over {text!r}: ")
    assert why in str(caught.value)
