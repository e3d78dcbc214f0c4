"""Why an event fired, over the API."""

from pathlib import Path

from tests.outputs.journal.given import closed_entry, watched
from tests.web.given import browser, site

ADDRESS = "/api/events/00000001-0000-4000-8000-000000000000/explained"


def test_without_scores_the_page_is_told_why_there_is_nothing_to_draw(tmp_path: Path) -> None:
    made = site(tmp_path, closed_entry(1), watched(-60, 60))
    answer = browser(made).get(ADDRESS)
    assert answer.status_code == 200, answer.text
    assert answer.json()["looks"] == []
    assert "no scores were kept" in answer.json()["origin"]


def test_limits_are_those_of_the_settings(tmp_path: Path) -> None:
    made = site(tmp_path, closed_entry(1), watched(-60, 60), motion={"min_area_fraction": 0.003})
    assert browser(made).get(ADDRESS).json()["limits"]["area_fraction"] == 0.003


def test_the_scores_of_another_machine_are_there(tmp_path: Path) -> None:
    made = site(tmp_path, closed_entry(1), watched(-60, 60), journal={"node": "other"})
    answer = browser(made).get(ADDRESS)
    assert answer.status_code == 409
    assert "pi" in answer.json()["detail"]
