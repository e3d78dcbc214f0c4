"""The table of speeds is made of runs."""

import sys

import pytest

from benchmarks import process
from benchmarks.process import ProcessFailedError, Run, run
from benchmarks.speed.__main__ import Measured, report
from benchmarks.speed.programs import BARE


def test_ratios_are_taken_within_a_round() -> None:
    """The machine was half as fast in the second round: both programs suffered alike."""
    bare = [Run(10.0, 10.0, 50.0, ""), Run(20.0, 20.0, 50.0, ""), Run(10.0, 10.0, 50.0, "")]
    ours = [Run(12.0, 15.0, 90.0, ""), Run(24.0, 30.0, 90.0, ""), Run(12.0, 15.0, 90.0, "")]
    row = report(Measured({BARE: bare, "ours": ours}), frames=1200).splitlines()[-1]
    assert row == "| ours | 3 | 12.00 | 100 | 15.00 | 1.20 | 1.50 | 90 |"


def test_a_program_that_ran_once_is_held_against_the_first_round() -> None:
    bare = [Run(10, 10, 50, ""), Run(99, 99, 50, "")]
    row = report(Measured({BARE: bare, "slow": [Run(40, 30, 90, "")]}), frames=1200).splitlines()[-1]
    assert row.split(" | ")[5:7] == ["4.00", "3.00"]


def test_a_program_left_out_is_named_with_its_reason() -> None:
    text = report(Measured({BARE: [Run(1, 1, 1, "")]}, {"peer": "no compiler"}), frames=1)
    assert "peer left out: no compiler" in text


def test_memory_is_that_of_the_process_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that fills 100 MB has at least these, and not what its parent has on top."""
    # What it computes afterwards lasts many looks, so that the peak cannot pass unseen.
    monkeypatch.setattr(process, "_LOOK_S", 0.0)
    code = "x = bytearray(b'1') * 100_000_000; sum(range(10_000_000)); print(len(x))"
    measured = run([sys.executable, "-S", "-c", code])
    assert measured.output == "100000000\n"
    assert 100 < measured.peak_mb < 150


def test_a_process_that_fails_is_an_error_with_its_last_words() -> None:
    with pytest.raises(ProcessFailedError, match="no such thing"):
        run([sys.executable, "-S", "-c", "raise SystemExit('no such thing')"])
