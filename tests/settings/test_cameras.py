"""The cameras of a configuration: what each has of its own goes above what all share."""

import pytest

from monitor.settings import load_settings
from monitor.settings.live import share_of
from monitor.settings.load import from_text, to_text
from tests.settings.given import Write, problems

TWO = """
cameras:
  drive:
    address: rtsp://drive/
    motion: {k_sigma: 5}
    zones: {gate: {points: [[0, 0], [1, 0], [1, 1]]}}
    recording: {continuous: true}
    cpu_budget: 25%
  yard: {address: 0}
motion: {min_duration_s: 1}
zones: {sky: {role: exclude, points: [[0, 0], [1, 0], [1, 1]]}}
alerts:
  command: {script: {command: ["true"]}}
"""


def test_a_camera_has_its_own_values_above_those_of_all(write: Write) -> None:
    settings = load_settings(write(TWO))
    drive, yard = settings.of_camera("drive"), settings.of_camera("yard")
    assert (drive.motion.k_sigma, drive.motion.min_duration_s) == (5.0, 1.0)
    assert yard.motion == settings.motion
    assert (list(drive.zones), list(yard.zones)) == (["sky", "gate"], ["sky"])
    assert (drive.recording.continuous, yard.recording.continuous) == (True, False)
    assert (drive.live.cpu_budget, yard.live.cpu_budget) == ("25%", None)
    assert (list(drive.cameras), drive.cameras["drive"].address) == (["drive"], "rtsp://drive/")


def test_the_settings_of_a_camera_survive_the_way_to_another_process(write: Write) -> None:
    drive = load_settings(write(TWO)).of_camera("drive")
    assert from_text(to_text(drive)) == drive


def test_what_is_changed_for_one_camera_leaves_the_other_as_it_was(write: Write) -> None:
    before = load_settings(write(TWO))
    after = load_settings(write(TWO), None, ["cameras.drive.motion.k_sigma=6"])
    assert before.of_camera("yard") == after.of_camera("yard")
    assert before.of_camera("drive") != after.of_camera("drive")


def test_values_that_do_not_go_with_those_of_all_are_told_with_the_camera(write: Write) -> None:
    (problem,) = problems(
        write(TWO), "motion.max_area_fraction=0.1", "cameras.yard.motion.min_area_fraction=0.2"
    )
    assert "cameras.yard: min_area_fraction (0.2) must be below max_area_fraction (0.1)" in problem


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("cameras.yard.alerts=[phone]", "cameras.yard.alerts names phone, which is no channel of alerts"),
        ("alerts.command.script.sources=[gate]", "channel script names gate, which is none of the cameras"),
        ("cameras.yard.cpu_budget=25", "must be a share of one processor from 1% to 400%"),
        ("cameras.yard.cpu_budget=500%", "must be a share of one processor from 1% to 400%"),
        ("cameras.a b.address=0", "must be names of 1 to 40 letters"),
    ],
)
def test_what_names_nothing_is_refused(write: Write, given: str, told: str) -> None:
    (problem,) = problems(write(TWO), given)
    assert told in problem


def test_a_budget_is_a_share() -> None:
    assert share_of("25%") == 0.25
    assert share_of("12.5 %") == 0.125
