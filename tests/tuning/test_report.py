"""What tuning found, for people and for programs."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.settings import Settings
from monitor.settings.document import parse
from monitor.tuning.effects import Effect, Turn
from monitor.tuning.goal import Goal, goal_of
from monitor.tuning.labels import Happening
from monitor.tuning.proposal import Proposal, decide
from monitor.tuning.report.chart import svg_text, write_png
from monitor.tuning.report.page import html_text
from monitor.tuning.report.patch import patch_text
from monitor.tuning.report.record import as_record
from monitor.tuning.report.wording import confidence_texts, effect_text, shown_rate, shown_value
from monitor.tuning.space import Change, Changes
from tests.tuning.given import false, labelled, motion, true

PEOPLE, CATS = (10.0, 50.0, 90.0), (30.0, 70.0, 110.0)
PLACE = labelled(
    *(true(at, at + 4) for at in PEOPLE),
    *(false(at, at + 2) for at in CATS),
    name="<yard>.mp4",
    duration_s=130,
)


def area(value: float, steps: int) -> Changes:
    return (Change("motion.min_area_fraction", value, steps),)


def told(people: int, cats: int) -> list[tuple[Happening, ...]]:
    walks, cries = PEOPLE[:people], CATS[:cats]
    return [tuple(motion(at, at + 4) for at in walks) + tuple(motion(at, at + 2) for at in cries)]


def found(goal: Goal | None = None, *, best: tuple[int, int] = (3, 0)) -> Proposal:
    trials = {(): told(3, 3), area(0.002, 2): told(*best), area(0.01, 6): told(1, 0)}
    return decide(trials, [PLACE], Settings(), lambda _: told(3, 3), goal or Goal())


def test_an_event_is_named_by_recording_and_time() -> None:
    effect = Effect(Turn.LOST, "yard.mp4", "motion", 3675.25, 3680.0, "a fox")
    assert (
        effect_text(effect) == "motion at 1:01:15.2–1:01:20.0 in yard.mp4 (a fox) is missed, which was found"
    )


@pytest.mark.parametrize(("value", "shown"), [(0.0022, "0.0022"), (5.0, "5"), (150, "150"), (0.0, "0.0")])
def test_values_are_those_of_a_settings_file(value: float, shown: str) -> None:
    assert shown_value(value) == shown


def test_rates_have_as_many_digits_as_mean_anything() -> None:
    assert [shown_rate(rate) for rate in (0.0, 0.123, 4567.8, float("inf"))] == [
        "0",
        "0.12",
        "4,568",
        "any number",
    ]


def test_the_patch_can_be_put_into_a_settings_file() -> None:
    text = patch_text(found(), ["6 labels"])
    assert parse(text, "patch").values == {"motion": {"min_area_fraction": 0.002}}
    assert "# 0.0008 until now" in text
    assert text.count("is no false alarm any more") == 3


def test_where_nothing_is_proposed_the_patch_changes_nothing() -> None:
    text = patch_text(found(best=(0, 3)), [])
    assert parse(text, "patch").values == {}
    assert text.startswith("# Keep the present settings")


def test_the_page_is_safe_whatever_a_recording_is_called() -> None:
    page = html_text(found(), [PLACE], ["a note & more"])
    assert "&lt;yard&gt;.mp4" in page
    assert "<yard>" not in page
    assert "default-src 'none'" in page
    assert "a note &amp; more" in page


def test_the_drawing_names_now_and_proposed_and_the_target() -> None:
    drawing = svg_text(found(goal_of("false<1/day")))
    assert all(text in drawing for text in (">now<", ">proposed<", ">false&lt;1/day<"))
    assert drawing.count('class="curve"') == 2  # one point better than all, and the line through it


def test_the_picture_shows_both_points(tmp_path: Path) -> None:
    path = tmp_path / "tradeoff.png"
    write_png(found(), path)
    picture = cv2.imread(str(path))
    assert picture is not None
    for colour in ((40, 90, 210), (70, 140, 30)):
        assert np.all(picture == colour, axis=2).sum() > 300
    write_png(found(), path)  # in the place of the one before


def test_few_labels_and_short_recordings_are_said_to_be() -> None:
    told = " ".join(confidence_texts(found(goal_of("false<1/day")), [PLACE]))
    assert "6 labels say little" in told
    assert "cannot be told from 2:10" in told
    assert "3 gains, 0 losses: it may be luck" in told


def test_programs_get_the_same_figures() -> None:
    record = as_record(found(), [PLACE], [])
    assert record["proposed"] == {"motion.min_area_fraction": 0.002}
    assert [effect["what"] for effect in record["effects"]] == ["silenced"] * 3
    assert record["present"]["false"] == 3
    assert record["with_proposal"]["false_per_day"] == 0
    assert [point["missed"] for point in record["curve"]] == [0]
