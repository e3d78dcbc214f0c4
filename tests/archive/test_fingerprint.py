"""The fingerprint covers what changes results, and nothing else."""

from pathlib import Path

import pytest

from monitor.archive import fingerprint
from monitor.archive.fingerprint import DECIDING, fingerprint_of
from monitor.settings import Settings, load_settings

INDIFFERENT = {
    "preset", "cameras", "live", "recording", "outputs", "archive", "journal", "retention", "alerts",
    "metrics", "web", "plugins",
}  # fmt: skip
"""Sections that change nothing about what a scan finds in a recording; of `archive`, `TIMING` does, and of
`plugins` the detectors, where there are any."""


def of(*overrides: str) -> str:
    return fingerprint_of(load_settings(overrides=overrides))


def test_every_section_is_either_deciding_or_indifferent() -> None:
    assert set(DECIDING) | INDIFFERENT == set(Settings.model_fields)


@pytest.mark.parametrize(
    "change",
    [
        "motion.k_sigma=4.5",
        "zones.a.points=[[0,0],[1,0],[1,1]]",
        "clips.mode=encode",
        "preset=outdoor",
        "archive.timezone=UTC",
    ],
)
def test_what_changes_results_changes_it(change: str) -> None:
    assert of(change) != of()


@pytest.mark.parametrize(
    "change",
    [
        "outputs.folder=elsewhere",
        "outputs.annotate=false",
        "clips.enabled=false",
        "archive.hang_s=99",
        "images.rate_hz=5",
    ],
)
def test_what_changes_no_results_leaves_it(change: str) -> None:
    assert of(change) == of()


def test_the_rate_of_images_counts_for_images() -> None:
    slow = load_settings(overrides=["images.rate_hz=5"])
    assert fingerprint_of(slow, images=True) != fingerprint_of(Settings(), images=True)


def test_another_engine_makes_all_results_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    before = of()
    monkeypatch.setattr(fingerprint, "ENGINE", fingerprint.ENGINE + 1)
    assert of() != before


def test_it_does_not_depend_on_where_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of()
    monkeypatch.chdir(tmp_path)
    assert of() == before
