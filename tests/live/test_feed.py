"""What a camera's process shows to whoever connects."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.clock import SimulatedClock
from monitor.events.judge import Judge
from monitor.frames import Frame
from monitor.live.feed import EVERY_S, MAX_WIDTH_PX, LiveFeed
from monitor.live.spoken import FACTS, HEAD, HEAT, LOOK, MASK, PICTURE, SOCKET_NAME, Layers, reachable
from monitor.outputs.sink import Observation
from tests.events.given import stream, traveller, usual_limits
from tests.outputs.journal.given import NOON

WHITE = np.full((1080, 1920, 3), 255, np.uint8)
LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


class Given:
    """A feed with what it is shown: somebody who walks."""

    def __init__(self, folder: Path) -> None:
        self.clock = SimulatedClock(NOON)
        self.path = folder / SOCKET_NAME
        self.feed = LiveFeed(self.path, {"limits": {"peak_sigma": 4.0}}, self.clock, [LEFT])
        self._judge = Judge(usual_limits(), "yard", lambda: "e")
        self._scores = iter(stream(20, traveller(1, 19)))
        for _ in range(50):  # up to where somebody is seen
            self._next()

    def _next(self) -> Observation:
        scores = next(self._scores)
        verdict = self._judge.update(scores)
        frame = Frame(scores.index, scores.time_s, WHITE[..., 0], None, lambda: WHITE)
        mask = np.zeros((90, 160), np.uint8)
        mask[:, :80] = 255
        sigma = np.full((90, 160), 8.0, np.float32) if self.feed.needs_sigma else None
        return Observation(frame, scores, mask, sigma, verdict.changes, (), outlook=verdict.outlook)

    def step(self, passed_s: float = EVERY_S) -> None:
        self.clock.advance(passed_s)
        self.feed.take(self._next())


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    made = Given(tmp_path / ("long " * 30))
    made.feed.start()
    yield made
    made.feed.close()


class Looking:
    """One who looks, for as long as the context lasts."""

    def __init__(self, given: Given, layers: Layers = Layers.NONE) -> None:
        self._given = given
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        with reachable(given.path) as address:
            self.socket.connect(address)
        self.socket.sendall(bytes([layers]))
        assert self.next()[0] == FACTS

    def __enter__(self) -> "Looking":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def next(self) -> tuple[bytes, bytes]:
        length, kind = HEAD.unpack(self._exactly(HEAD.size))
        return kind, self._exactly(length)

    def shown(self, *kinds: bytes) -> dict[bytes, bytes]:
        """What comes with the next pictures, until all of these kinds have come."""
        found: dict[bytes, bytes] = {}
        while not found.keys() >= set(kinds):
            self._given.step()
            kind, content = self.next()
            found[kind] = content
        return found

    def _exactly(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            part = self.socket.recv(size - len(content))
            assert part, "the feed hung up"
            content += part
        return content


def decoded(content: bytes, flags: int) -> NDArray[Any]:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    assert picture is not None
    return np.asarray(picture)


def test_who_looks_gets_pictures_with_what_is_seen(given: Given) -> None:
    with Looking(given) as looking:
        shown = looking.shown(LOOK, PICTURE)
    look = json.loads(shown[LOOK])
    assert look["state"] == "watching"
    assert look["seen"][0]["peak_sigma"] > 4
    assert decoded(shown[PICTURE], cv2.IMREAD_COLOR).shape[1] == MAX_WIDTH_PX


def test_what_is_private_never_leaves_the_process(given: Given) -> None:
    with Looking(given) as looking:
        content = looking.shown(PICTURE)[PICTURE]
    picture = decoded(content, cv2.IMREAD_COLOR)
    assert picture[:, : MAX_WIDTH_PX // 2 - 16].max() < 20
    assert picture[:, MAX_WIDTH_PX // 2 + 16 :].min() > 235


def test_mask_and_heat_come_to_those_who_wish_them(given: Given) -> None:
    with Looking(given, Layers.MASK | Layers.HEAT) as looking:
        shown = looking.shown(PICTURE, MASK, HEAT)
    mask = decoded(shown[MASK], cv2.IMREAD_UNCHANGED)
    assert mask[:, :80, 3].all()
    assert not mask[:, 80:, 3].any()
    assert decoded(shown[HEAT], cv2.IMREAD_UNCHANGED).shape == (90, 160, 4)


def test_nothing_is_made_while_nobody_looks(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "imencode", lambda *_: pytest.fail("a picture was made"))
    given.step()
    assert not given.feed.is_wanted
    assert not given.feed.needs_sigma


def test_a_feed_without_a_place_says_so_and_disturbs_nobody(
    given: Given, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    given.feed = LiveFeed(tmp_path / "file" / SOCKET_NAME, {}, given.clock)
    given.feed.start()
    given.step()
    given.feed.close()
    assert "nobody can look at it live (File exists)" in caplog.text


def test_a_socket_that_a_crash_left_is_replaced(given: Given) -> None:
    given.feed, crashed = LiveFeed(given.path, {"limits": {}}, given.clock), given.feed
    given.feed.start()
    with Looking(given) as looking:
        assert PICTURE in looking.shown(PICTURE)
    assert not crashed.is_wanted
    crashed.close()


def test_nobody_else_may_open_the_socket(given: Given) -> None:
    assert given.path.stat().st_mode & 0o077 == 0
