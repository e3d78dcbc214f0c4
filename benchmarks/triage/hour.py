"""An hour as a camera records it, put together from a coded minute by copying packets."""

from collections.abc import Iterator
from pathlib import Path

import av
from av import Packet
from av.video.stream import VideoStream

from benchmarks.triage.generate import path_of
from benchmarks.triage.recordings import QUIET_PIECE, WALK_PIECE, Recording

_PERIOD_S = 600.0
WALKS = 6
"""Somebody passes once in ten minutes, for half of one: 95 % of it are quiet."""

Piece = tuple[float, float]


def hour_of(recording: Recording) -> Path:
    """Return the file of an hour made of this minute, made now if it is not there yet."""
    minute = path_of(recording)
    path = minute.with_name(f"{minute.stem} hour.mkv")
    if not path.exists():
        unfinished = path.with_suffix(".part.mkv")
        _join(minute, list(_pieces()) * WALKS, unfinished)
        unfinished.rename(path)
    return path


def _pieces() -> Iterator[Piece]:
    """Yield what ten minutes are made of: quiet, the walk in the middle, quiet."""
    quiet_s = QUIET_PIECE[1] - QUIET_PIECE[0]
    walk_s = WALK_PIECE[1] - WALK_PIECE[0]
    before = round((_PERIOD_S - walk_s) / quiet_s / 2)
    yield from [QUIET_PIECE] * before
    yield WALK_PIECE
    yield from [QUIET_PIECE] * round((_PERIOD_S - walk_s - before * quiet_s) / quiet_s)


def _join(minute: Path, pieces: list[Piece], path: Path) -> None:
    with av.open(str(minute)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.size]
        at_s = 0.0
        for start_s, end_s in pieces:
            for packet in _within(packets, stream, start_s, end_s):
                moved = Packet(bytes(packet))
                shift = round((at_s - start_s) / float(stream.time_base or 1))
                moved.pts, moved.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
                moved.time_base, moved.is_keyframe = packet.time_base, packet.is_keyframe
                moved.stream = copy
                target.mux(moved)
            at_s += end_s - start_s


def _within(
    packets: "list[Packet[VideoStream]]", stream: VideoStream, start_s: float, end_s: float
) -> "Iterator[Packet[VideoStream]]":
    """Yield the packets from the key frame at `start_s` to that at `end_s`, which is left out."""
    base_s = float(stream.time_base or 1)
    inside = False
    for packet in packets:
        if packet.is_keyframe:
            time_s = (packet.pts or 0) * base_s
            inside = start_s - base_s <= time_s < end_s - base_s
        if inside:
            yield packet
