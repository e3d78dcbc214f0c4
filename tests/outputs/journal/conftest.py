from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.outputs.journal.address import Place, journal_url
from monitor.outputs.journal.journal import Journal
from tests.postgresql import cluster as cluster


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """The journal of an output folder that is the test's own."""
    return journal_url("", tmp_path)


@pytest.fixture
def journal(place: Place) -> Iterator[Journal]:
    with Journal.open(place) as opened:
        yield opened
