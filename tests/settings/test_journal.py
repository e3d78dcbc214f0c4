"""Settings of the journal and of retention."""

import pytest
from pydantic import ValidationError

from monitor.settings.describe import allowed_text
from monitor.settings.journal import Journal, Retention


def test_by_default_the_journal_is_in_the_output_folder_and_nothing_goes_while_there_is_room() -> None:
    assert (Journal().url, Journal().node) == ("", "")
    kept = Retention()
    assert (kept.max_age_days, kept.segment_age_days, kept.max_camera_gb) == (None, None, None)
    assert (kept.min_free_fraction, kept.min_free_gb) == (0.05, 1.0)


@pytest.mark.parametrize(
    "url", ["", "journal.sqlite", "/data/journal.sqlite", "postgresql://me@db:5432/yard"]
)
def test_a_file_or_an_address_without_password_is_taken(url: str) -> None:
    assert Journal(url=url).url == url


def test_a_password_does_not_belong_into_a_file_and_is_not_shown() -> None:
    with pytest.raises(ValidationError, match=r"url holds a password; .* PGPASSWORD") as caught:
        Journal(url="postgresql://me:secret@db/yard")
    (detail,) = caught.value.errors()
    assert (detail["loc"], isinstance(detail["input"], dict)) == ((), True)  # then the value is left out


def test_what_is_allowed_can_be_told() -> None:
    told = {name: allowed_text(field) for name, field in Retention.model_fields.items()}
    assert told["max_age_days"] == "a number or null, above 0 and up to 36500 days"
