"""Packet sizes: what stands out of the usual, and whether the stream tells anything."""

from collections.abc import Iterator

import numpy as np
import pytest

from monitor.analysis.packets import CodedSize, PacketJudge, PacketKind, PacketScore, kind_of

RATE_HZ = 10.0
GOP = 100


def stream(
    seconds: float,
    *,
    spread: float = 0.25,
    events: tuple[tuple[float, float, float], ...] = (),
    seed: int = 1,
) -> list[CodedSize]:
    """Return packets of about 100 bytes; `events` are start, end and the factor by which packets grow."""
    rng = np.random.default_rng(1)
    packets = []
    for index in range(round(seconds * RATE_HZ)):
        time_s = index / RATE_HZ
        kind = PacketKind.KEY if index % GOP == 0 else (PacketKind.FORWARD, PacketKind.DISPOSABLE)[index % 2]
        usual = {PacketKind.KEY: 9000.0, PacketKind.FORWARD: 180.0, PacketKind.DISPOSABLE: 50.0}[kind]
        factor = next((grown for start, end, grown in events if start <= time_s < end), 1.0)
        deviation = 0.02 if kind == PacketKind.KEY else spread
        packets.append(CodedSize(round(usual * factor * np.exp(rng.normal(0, deviation))), kind, time_s))
    return packets


def judged(judge: PacketJudge, packets: list[CodedSize]) -> Iterator[tuple[float, PacketScore]]:
    for packet in packets:
        yield packet.time_s, judge.update(packet)


def out_share(judge: PacketJudge, packets: list[CodedSize], start_s: float, end_s: float) -> float:
    """Return the share of the packets of a span that stand out."""
    scores = [score.stands_out for time_s, score in judged(judge, packets) if start_s <= time_s < end_s]
    return sum(scores) / len(scores)


def test_a_passer_by_who_doubles_the_packets_stands_out() -> None:
    packets = stream(120, events=((80, 84, 2.0),))
    assert out_share(PacketJudge(), packets, 80.5, 84) > 0.9


def test_growth_that_no_single_packet_shows_stands_out_over_seconds() -> None:
    packets = stream(120, events=((80, 86, 1.4),))
    alone = [score.alone or 0.0 for time_s, score in judged(PacketJudge(), packets) if 80 <= time_s < 86]
    assert np.median(alone) < 2
    assert out_share(PacketJudge(), packets, 83, 86) > 0.9


def test_quiet_hardly_ever_stands_out() -> None:
    assert out_share(PacketJudge(), stream(900), 0, 900) < 0.01


def test_packets_that_shrink_stand_out_as_well() -> None:
    """A frozen or covered camera sends next to nothing."""
    assert out_share(PacketJudge(), stream(120, events=((80, 90, 0.3),)), 82, 90) > 0.9


def test_a_single_enormous_packet_stands_out_by_itself() -> None:
    packets = stream(120, events=((81, 81.1, 30.0),))
    scores = dict(judged(PacketJudge(), packets))
    assert scores[81.0].stands_out


def test_nothing_is_judged_before_the_usual_is_known() -> None:
    early = [score for time_s, score in judged(PacketJudge(), stream(2))]
    assert all(score.together is None and not score.stands_out for score in early)


def test_a_primed_judge_judges_the_first_packets() -> None:
    packets = stream(300, events=((0, 4, 2.0),))
    judge = PacketJudge()
    judge.prime(packets)
    assert out_share(judge, packets, 0.5, 4) > 0.9


def test_a_long_passage_does_not_become_the_usual() -> None:
    assert out_share(PacketJudge(), stream(240, events=((60, 180, 2.0),)), 150, 180) > 0.9


def test_another_light_becomes_the_usual() -> None:
    """Light and noise drift slowly: over ten minutes packets may double and nothing stands out."""
    packets = [CodedSize(round(p.size_bytes * 2 ** (p.time_s / 900)), p.kind, p.time_s) for p in stream(900)]
    assert out_share(PacketJudge(), packets, 0, 900) < 0.03


@pytest.mark.parametrize(("spread", "least", "most"), [(0.1, 0.02, 0.15), (0.3, 0.1, 0.5)])
def test_least_growth_says_how_telling_the_stream_is(spread: float, least: float, most: float) -> None:
    judge = PacketJudge()
    judge.prime(stream(300, spread=spread))
    assert judge.least_growth is not None
    assert least < judge.least_growth < most


def test_sizes_that_swing_for_seconds_tell_little() -> None:
    """Trees: each packet is like the one before, so that a mean is no surer than a single packet."""
    packets = [
        CodedSize(round(p.size_bytes * np.exp(0.5 * np.sin(p.time_s))), p.kind, p.time_s) for p in stream(300)
    ]
    swaying, still = PacketJudge(), PacketJudge()
    swaying.prime(packets)
    still.prime(stream(300))
    assert swaying.least_growth is not None
    assert still.least_growth is not None
    assert swaying.least_growth > 3 * still.least_growth


def test_least_growth_is_unknown_without_packets() -> None:
    assert PacketJudge().least_growth is None


@pytest.mark.parametrize(
    ("is_key", "is_disposable", "time_s", "kind"),
    [
        (True, False, 1.0, PacketKind.KEY),
        (False, False, 1.0, PacketKind.FORWARD),
        (False, False, 0.2, PacketKind.BETWEEN),
        (False, True, 0.2, PacketKind.DISPOSABLE),
    ],
)
def test_kinds_are_told_by_flags_and_order(
    is_key: bool, is_disposable: bool, time_s: float, kind: PacketKind
) -> None:
    assert kind_of(is_key=is_key, is_disposable=is_disposable, time_s=time_s, newest_s=0.5) == kind
