"""Cutting a span out of a recorded file by copying its packets, without decoding."""

import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import av
from av import Packet
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from monitor.capture.container import opened_container
from monitor.outputs.video import COMPLETE

_IN_MP4 = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})
"""Codecs that common players take from MP4; all others go into Matroska, which takes nearly any."""

_STEPS_BACK_S = (0.0, 10.0, 60.0)
"""A seek may land behind the wanted key frame (by decoding time, or by a poor index): then further back."""


class CannotCopyError(Exception):
    """The packets of this file cannot be copied as they are; the clip must be encoded."""


def suffix_for(recording: str | Path) -> str:
    """Return .mp4 or .mkv, as the recording's codec needs."""
    with opened_container(recording) as source:
        stream: Any = source.streams.best("video")
        return suffix_of(stream.codec_context.codec.canonical_name)


def suffix_of(codec: str) -> str:
    """Return .mp4 or .mkv, as the codec of this name needs."""
    return ".mp4" if codec in _IN_MP4 else ".mkv"


def copy_span(recording: str | Path, target: Path, start_s: float, end_s: float) -> None:
    """Copy the video packets from the key frame at or before `start_s` to `end_s` into `target`.

    Times count from the first picture of the recording. The copy starts at 0 and ends up to a few
    pictures after `end_s`, where these were coded before others that are within. `target` must end in
    .mp4 or .mkv. Sound is left out.
    Raises `CannotCopyError` where the packets carry no usable times or fit no container, `SourceError` where
    the recording cannot be opened; FFmpeg's other errors pass.
    """
    with opened_container(recording) as source:
        stream: Any = source.streams.best("video")
        origin = _origin(source, stream)
        start, end = (origin + round(time_s / stream.time_base) for time_s in (start_s, end_s))
        packets = _span(_from_key(source, stream, start), start, end)
        try:
            with closing(_target(target)) as sink:
                _copy(packets, sink, stream)
        except ValueError as error:
            # A codec that the container does not take, or times out of order.
            codec, kind = stream.codec_context.name, target.suffix.removeprefix(".")
            raise CannotCopyError(f"an {kind} file does not take its {codec} packets as they are") from error


def _target(path: Path) -> OutputContainer:
    mp4 = path.suffix == ".mp4"
    return av.open(str(path), "w", format="mp4" if mp4 else "matroska", options=COMPLETE if mp4 else {})


def _origin(source: InputContainer, stream: VideoStream) -> int:
    """Return the time stamp of the first picture."""
    if source.format.name == "avi" and stream.codec_context.has_b_frames:
        raise CannotCopyError("AVI keeps no presentation times for reordered pictures")
    first = next(source.decode(stream), None)
    if first is None or first.pts is None:
        raise CannotCopyError("its pictures carry no times")
    return first.pts


def _from_key(source: InputContainer, stream: VideoStream, start: int) -> "Iterator[Packet[VideoStream]]":
    """Return the packets from a key frame on that is shown at or before `start`."""
    assert stream.time_base is not None
    for back_s in _STEPS_BACK_S:
        source.seek(max(0, start - round(back_s / stream.time_base)), stream=stream)
        packets = _timed(source, stream)
        key = next((packet for packet in packets if packet.is_keyframe), None)
        if key is not None and _shown(key) <= start:
            return itertools.chain([key], packets)
    source.seek(0, stream=stream)
    return _timed(source, stream)


def _timed(source: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    """Yield packets with both time stamps; the last, empty one is left out.

    Matroska keeps no decoding times, and the first few cannot be derived: they are laid before the
    first that is known.
    """
    waiting: list[Packet[VideoStream]] = []
    for packet in source.demux(stream):
        if not packet.size:
            continue
        packet.pts = packet.dts if packet.pts is None else packet.pts
        waiting.append(packet)
        if packet.dts is not None:
            for back, earlier in enumerate(reversed(waiting[:-1]), 1):
                earlier.dts = packet.dts - back * (packet.duration or 1)
            yield from waiting
            waiting.clear()
    if waiting:
        raise CannotCopyError("its packets carry no times")


def _span(packets: "Iterator[Packet[VideoStream]]", start: int, end: int) -> "Iterator[Packet[VideoStream]]":
    """Yield the packets from the last key frame shown at or before `start` to `end`."""
    held: list[Packet[VideoStream]] = []
    latest = end
    for packet in packets:
        if packet.is_keyframe and _shown(packet) <= start:
            held.clear()
        # In decoding order a picture behind the end comes before those that refer to it: these fill
        # the gap and are taken too.
        if _decoded(packet) > end and _shown(packet) > latest:
            break
        latest = max(latest, _shown(packet))
        held.append(packet)
        if _decoded(packet) > start:
            yield from held
            held.clear()
    yield from held


def _copy(packets: "Iterator[Packet[VideoStream]]", sink: OutputContainer, stream: VideoStream) -> None:
    # Opaque: else an encoder named like the decoder is asked for, which AV1 (libdav1d) and others lack.
    copied = sink.add_stream_from_template(stream, opaque=True)
    first = None
    for packet in packets:
        if first is None and not packet.is_keyframe:
            continue
        first = _shown(packet) if first is None else first
        # Pictures shown before the key frame that starts the clip refer to what was cut off.
        if _shown(packet) < first:
            continue
        packet.pts, packet.dts = _shown(packet) - first, _decoded(packet) - first
        packet.stream = copied
        sink.mux(packet)
    if first is None:
        raise CannotCopyError("it holds no key frame before the end of the span")


def _shown(packet: "Packet[VideoStream]") -> int:
    assert packet.pts is not None  # _timed sees to it
    return packet.pts


def _decoded(packet: "Packet[VideoStream]") -> int:
    assert packet.dts is not None
    return packet.dts
