"""Codecs are tried, not just looked up."""

import av
import pytest

from monitor.capture import codecs
from monitor.capture.codecs import CODECS, Codec, codec_checks
from monitor.health.check import State


def states() -> dict[str, State]:
    return {check.name: check.state for check in codec_checks()}


def test_what_the_wheels_of_pyav_bring_is_decoded() -> None:
    assert set(states().values()) == {State.OK}
    assert len(states()) == len(CODECS) + 1


def test_a_missing_decoder_of_a_common_codec_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codecs, "CODECS", (Codec("nope", "nope", True), Codec("none", "none", False)))
    assert states() == {"reads nope": State.PROBLEM, "reads none": State.WARNING, "writes H.264": State.OK}


def test_a_decoder_without_an_encoder_to_try_it_with_counts_as_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codecs, "CODECS", (Codec("h264", "nope", True),))
    (check, _) = codec_checks()
    assert (check.state, check.found) == (State.OK, "present; no encoder to try it with")


def test_a_decoder_that_gives_something_else_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codecs, "CODECS", CODECS[:1])
    encoded = codecs._encoded(CODECS[0])
    monkeypatch.setattr(codecs, "_encoded", lambda codec: encoded)
    monkeypatch.setattr(codecs, "_GREY", 200)
    assert states()["reads h264"] is State.PROBLEM


def test_without_an_h264_encoder_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av, "codecs_available", {"h264"})
    assert states()["writes H.264"] is State.PROBLEM
