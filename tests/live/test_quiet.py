"""When pictures need not be decoded, by packets and scores that are made up."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from monitor.analysis.scores import Box, Scores, State, TrackScore
from monitor.capture.live.resting import PacketFacts
from monitor.events.event import Event, EventChange, Evidence, Kind, Phase
from monitor.frames import Gap
from monitor.live.quiet import CALM_S, LEARN_S, LEAST_SEEN, Quiet, is_calm
from tests.outputs.scene import observation

RATE_HZ = 15
GROUP = 15
KEY_BYTES = 20_000
PLAIN = 50.0
ADDED_BYTES = 200
AREA_FRACTION = 0.001
LEAST_FRACTION = 0.0008

SEEN = observation(0)
CALM = replace(SEEN.scores, tracks=(), state=State.WATCHING, structure=1.0, sharpness=1.0, offset=None)
TRACK = TrackScore(1, Box(0, 0, 0.1, 0.1), (0.05, 0.05), AREA_FRACTION, 9, 9, 1, 0.1, 0.1, 0.1,
                   None, None, None, 0.0, False)  # fmt: skip


class Stream:
    """A camera's packets and what is seen of them, told to a `Quiet` in order."""

    def __init__(self, quiet: Quiet, spread: float = 0.1, group: int = GROUP) -> None:
        self.quiet = quiet
        self.time_s = 0.0
        self._spread = spread
        self._group = group
        self._random = np.random.default_rng(3)
        self._index = 0
        quiet.begin()

    def packet(self, added_bytes: int = 0) -> bool:
        """Send one; return whether pictures are to be decoded."""
        is_key = self._index % self._group == 0
        usual = KEY_BYTES if is_key else PLAIN * np.exp(self._random.normal(0, self._spread))
        self.time_s = self._index / RATE_HZ
        self._index += 1
        return self.quiet.read(PacketFacts(int(usual) + added_bytes, self.time_s, is_key, False))

    def see(self, scores: Scores = CALM, *changes: EventChange, fresh: bool = True) -> None:
        """Analyse the last picture."""
        now = replace(scores, time_s=self.time_s)
        self.quiet.take(replace(SEEN, scores=now, changes=changes, fresh=fresh))

    def go(self, span_s: float, added_bytes: int = 0, scores: Scores = CALM) -> list[bool]:
        """Let time pass; return for each packet whether it was to be decoded."""
        decoded = []
        for _ in range(round(span_s * RATE_HZ)):
            decoded.append(self.packet(added_bytes))
            self.see(scores)
        return decoded

    def event(self, added_bytes: int = ADDED_BYTES, area: float = AREA_FRACTION, span_s: float = 4.0) -> None:
        """Let something pass, of which the pictures tell."""
        start_s = self.time_s
        self.go(span_s, added_bytes, replace(CALM, tracks=(TRACK,)))
        evidence = Evidence("it moved", area_fraction=area)
        event = Event("e", "door", Kind.MOTION, start_s, 0, start_s, 0, evidence, end_s=self.time_s)
        self.see(CALM, EventChange(Phase.OPENED, event), EventChange(Phase.CLOSED, event))


def learnt(**stream: float) -> Stream:
    """Return a stream on which enough has been seen that it may rest."""
    made = Stream(Quiet("door", LEAST_FRACTION), **stream)  # type: ignore[arg-type]
    for _ in range(LEAST_SEEN + 1):
        made.go(LEARN_S / 4)
        made.event()
    return made


def test_after_learning_it_rests_once_nothing_has_been_seen_for_a_while() -> None:
    stream = learnt()
    decoded = stream.go(4 * CALM_S)
    assert all(decoded[: round(CALM_S * RATE_HZ) - 1])
    assert not any(decoded[-RATE_HZ:])


def test_a_packet_that_stands_out_ends_the_rest_at_once() -> None:
    stream = learnt()
    stream.go(4 * CALM_S)
    assert stream.go(0.4, ADDED_BYTES)[-1]


def test_packets_that_are_all_too_small_end_the_rest_too() -> None:
    stream = learnt()
    stream.go(4 * CALM_S)
    assert stream.go(1.0, -40)[-1]


def test_what_a_key_picture_shows_ends_the_rest() -> None:
    stream = learnt()
    stream.go(4 * CALM_S)
    stream.see(replace(CALM, tracks=(TRACK,)))
    assert stream.packet()


def test_before_anything_was_seen_to_stand_out_all_is_decoded() -> None:
    stream = Stream(Quiet("door", LEAST_FRACTION))
    assert all(stream.go(3 * LEARN_S))


def test_an_event_that_did_not_stand_out_ends_all_rest() -> None:
    stream = learnt()
    stream.event(added_bytes=0)
    assert all(stream.go(60.0))


def test_where_the_smallest_wanted_would_not_stand_out_all_is_decoded() -> None:
    stream = Stream(Quiet("door", LEAST_FRACTION))
    for _ in range(LEAST_SEEN + 1):
        stream.go(LEARN_S / 4)
        stream.event(area=0.1)
    assert all(stream.go(30.0))


def test_sizes_that_spread_by_themselves_tell_nothing() -> None:
    assert all(learnt(spread=1.5).go(30.0))


def test_key_pictures_that_are_far_apart_are_too_few() -> None:
    assert all(learnt(group=5 * RATE_HZ).go(30.0))


def test_where_no_picture_is_looked_at_any_more_all_is_decoded() -> None:
    stream = learnt()
    stream.go(4 * CALM_S)
    decoded = [stream.packet() for _ in range(15 * RATE_HZ)]
    assert not any(decoded[: 5 * RATE_HZ])
    assert all(decoded[-RATE_HZ:])


def test_frames_that_were_not_analysed_tell_nothing() -> None:
    stream = learnt()
    stream.go(4 * CALM_S)
    stream.see(replace(CALM, tracks=(TRACK,)), fresh=False)
    assert not stream.packet()


@pytest.mark.parametrize("end", [lambda quiet: quiet.interrupted(Gap(0, None, "gone"), (), ()), Quiet.begin])
def test_a_gap_and_a_new_connection_end_the_rest(end: Callable[[Quiet], None]) -> None:
    stream = learnt()
    stream.go(4 * CALM_S)
    end(stream.quiet)
    assert stream.packet()


def test_the_finding_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "monitor.live.quiet")
    stream = learnt()
    for _ in range(3):
        stream.go(20.0)
        stream.event()
    said = [record.message for record in caplog.records if "only key pictures" in record.message]
    assert len(said) == 1


@pytest.mark.parametrize(
    "scores",
    [
        replace(CALM, state=State.WARMING_UP),
        replace(CALM, tracks=(TRACK,)),
        replace(CALM, corrupt=True),
        replace(CALM, structure=0.5),
        replace(CALM, sharpness=0.5),
        replace(CALM, offset=(0.0, -0.02)),
    ],
)
def test_what_is_not_as_it_was_learnt_is_not_calm(scores: Scores) -> None:
    assert is_calm(CALM)
    assert not is_calm(scores)
