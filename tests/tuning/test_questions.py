"""The fewest events that decide most are asked about."""

from collections.abc import Sequence
from pathlib import Path

from monitor.tuning.answers import append_answer, write_sheet
from monitor.tuning.labelfile import read_labels
from monitor.tuning.labels import Happening, Says
from monitor.tuning.questions import Panel, Question
from monitor.tuning.space import Change, Changes
from tests.tuning.given import false, labelled, motion

WALK, CAT, LEAF, ALWAYS = motion(10, 14), motion(30, 32), motion(50, 51), motion(70, 74)


def trial(steps: int) -> Changes:
    return (Change("motion.min_area_fraction", 0.001 * (10 + steps), steps),) if steps else ()


def told(*by_trial: Sequence[Happening]) -> dict[Changes, list[tuple[Happening, ...]]]:
    """Return what is told of one recording with stricter and stricter settings."""
    return {trial(steps): [tuple(events)] for steps, events in enumerate(by_trial)}


FOUR = told([ALWAYS, WALK, CAT, LEAF], [ALWAYS, WALK, CAT], [ALWAYS, WALK], [ALWAYS])


def test_what_divides_the_settings_most_evenly_is_asked_first() -> None:
    question = Panel(FOUR).next()
    assert question is not None
    assert question.event == CAT
    assert 0.4 < question.share < 0.7


def test_what_all_agree_on_is_never_asked() -> None:
    assert ALWAYS not in [question.event for question in Panel(FOUR).sheet()]
    assert Panel(told([ALWAYS], [ALWAYS])).next() is None


def test_an_answer_decides_what_is_asked_next() -> None:
    panel = Panel(FOUR)
    first = panel.next()
    assert first is not None
    panel.answer(first, False)
    second = panel.next()
    assert second is not None
    # Whoever calls the cat false has no use for what tells the cat or the leaf: the walk is in question.
    assert second.event == WALK


def test_what_is_not_known_is_not_asked_again() -> None:
    panel, asked = Panel(FOUR), []
    while (question := panel.next()) is not None:
        asked.append(question.event)
        panel.answer(question, None)
    assert sorted(asked) == sorted([CAT, WALK, LEAF])


def test_what_is_labelled_already_is_not_asked() -> None:
    panel = Panel(FOUR)
    panel.take([labelled(false(30, 32))])
    assert CAT not in [question.event for question in panel.sheet()]


def test_a_sheet_has_no_more_questions_than_tell_settings_apart() -> None:
    # Three cats that the same settings tell are worth one question.
    cats = [motion(at, at + 2) for at in (20, 30, 40)]
    assert len(Panel(told([*cats, WALK], [WALK])).sheet()) == 1
    assert [question.event for question in Panel(FOUR).sheet(most=1)] == [CAT]


def test_events_told_a_little_otherwise_are_one_question() -> None:
    sheet = Panel(told([motion(10, 14)], [motion(10.3, 15)], [])).sheet()
    assert len(sheet) == 1


def test_a_sheet_that_was_filled_in_is_a_file_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    write_sheet(
        path, [("yard.mp4", Question(0, CAT, 0.5), "cat.jpg"), ("yard.mp4", Question(0, WALK, 0.6), "")]
    )
    assert read_labels(path) == []
    path.write_text(path.read_text().replace("motion,,cat.jpg", "motion,false,cat.jpg"))
    (entry,) = read_labels(path)
    assert (entry.says, entry.span_s) == (Says.FALSE, (30.0, 32.0))


def test_answers_are_added_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "new" / "labels.csv"
    for event, answer in ((CAT, False), (WALK, True), (LEAF, None)):
        append_answer(path, "yard.mp4", Question(0, event, 0.5), "", answer)
    assert [entry.says for entry in read_labels(path)] == [Says.FALSE, Says.TRUE, Says.UNCLEAR]
