"""What is on record of retained topics: enough to clear what is gone, and nothing of anybody else."""

from pathlib import Path

import pytest

from monitor.alerts.retained import Retained


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "mqtt.json"


def begun(file: Path, **topics: list[str]) -> dict[str, list[str]]:
    """Start the channels of a program anew; return what is gone at each broker."""
    retained = Retained(file)
    for broker, claimed in topics.items():
        retained.claim(broker, claimed)
    return {broker: retained.begin(broker) for broker in topics}


def test_what_is_no_longer_claimed_is_gone_until_it_is_cleared(file: Path) -> None:
    assert begun(file, home=["a", "b", "c"]) == {"home": []}
    assert begun(file, home=["b"]) == {"home": ["a", "c"]}
    assert begun(file, home=["b"]) == {"home": ["a", "c"]}
    Retained(file).cleared("home", ["a", "c"])
    assert begun(file, home=["b"]) == {"home": []}


def test_what_comes_back_is_not_gone(file: Path) -> None:
    begun(file, home=["a"])
    begun(file, home=[])
    assert begun(file, home=["a"]) == {"home": []}


def test_brokers_are_told_apart(file: Path) -> None:
    begun(file, home=["a"], office=["a"])
    Retained(file).cleared("home", ["a"])
    assert begun(file, home=[], office=[]) == {"home": [], "office": ["a"]}


def test_what_another_channel_at_the_same_broker_claims_is_not_gone(file: Path) -> None:
    begun(file, home=["a", "b"])
    retained = Retained(file)
    retained.claim("home", ["a"])
    retained.claim("home", ["b"])
    assert [retained.begin("home"), retained.begin("home")] == [[], []]


@pytest.mark.parametrize("content", ["", "[1]", '{"home": 3}', "\0"])
def test_a_record_that_cannot_be_read_clears_nothing(
    content: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "mqtt.json"
    file.write_text(content)
    assert begun(file, home=["a"]) == {"home": []}
    assert "topics of cameras that are gone stay" in caplog.text
    assert begun(file, home=[]) == {"home": ["a"]}


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    assert begun(tmp_path / "file" / "mqtt.json", home=["a"]) == {"home": []}
    assert "will stay at the broker" in caplog.text


def test_without_a_file_nothing_is_remembered() -> None:
    retained = Retained()
    retained.claim("home", ["a"])
    assert retained.begin("home") == []
