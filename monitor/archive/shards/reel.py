"""The scores of many frames, packed: what a part of a recording is handed on as."""

import pickle
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from monitor.analysis.learnt import Learnt
from monitor.analysis.scores import Scores

_CHUNK = 250
"""Frames a chunk, some 20 s: one chunk is unpacked at a time, and a seam needs the last few alone."""

_FAST = 1
"""The quickest compression halves what is packed; the best takes ten times longer for a tenth more."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Scores that follow each other, with the time of the last of them and the largest id of a track."""

    last_s: float
    last_id: int
    packed: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of the place at a time, packed; of two parts, at the same time under the same `mark`."""

    time_s: float
    mark: int
    packed: bytes

    def learnt(self) -> Learnt | None:
        """Return it, None while nothing was learnt."""
        learnt: Learnt | None = _unpacked(self.packed)
        return learnt


@dataclass(frozen=True, slots=True)
class Reel:
    """Scores in order of time; 1 to 1.8 kB for a frame on which much moves, 0.1 kB for a quiet one.

    Now and then, also what was `known`. Packed by pickle, so it is for handing on between our own processes
    and not for files from elsewhere.
    """

    chunks: tuple[Chunk, ...] = ()
    known: tuple[Known, ...] = ()

    def __iter__(self) -> Iterator[Scores]:
        return self.since(float("-inf"))

    def since(self, time_s: float) -> Iterator[Scores]:
        """Yield the scores of the frames at `time_s` and later."""
        for chunk in self.chunks:
            if chunk.last_s >= time_s:
                yield from (scores for scores in _unpacked(chunk.packed) if scores.time_s >= time_s)

    @property
    def last_id(self) -> int:
        """The largest id of a track, 0 if there is none."""
        return max((chunk.last_id for chunk in self.chunks), default=0)

    def __add__(self, later: "Reel") -> "Reel":
        return Reel(self.chunks + later.chunks, self.known + later.known)


class Winder:
    """Packs scores as they come, and every `known_s` of the recording what is known of the place."""

    def __init__(self, known_s: float, begin_s: float) -> None:
        self._known_s = known_s
        self._mark = int(begin_s // known_s)
        self._chunks: list[Chunk] = []
        self._known: list[Known] = []
        self._loose: list[Scores] = []

    def add(self, scores: Scores, learnt: Callable[[], Learnt | None]) -> None:
        """Take the scores of the next frame; `learnt` tells what is known after it."""
        mark = int(scores.time_s // self._known_s)
        if mark > self._mark:
            self._mark = mark
            self._known.append(Known(scores.time_s, mark, _packed(learnt())))
        self._loose.append(scores)
        if len(self._loose) == _CHUNK:
            self._pack()

    def reel(self) -> Reel:
        """Return all that was taken."""
        if self._loose:
            self._pack()
        return Reel(tuple(self._chunks), tuple(self._known))

    def _pack(self) -> None:
        last_id = max((track.id for scores in self._loose for track in scores.tracks), default=0)
        self._chunks.append(Chunk(self._loose[-1].time_s, last_id, _packed(self._loose)))
        self._loose = []


def _packed(value: object) -> bytes:
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), _FAST)


def _unpacked(packed: bytes) -> Any:
    return pickle.loads(zlib.decompress(packed))
