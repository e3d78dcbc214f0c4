"""A recording read with nothing done to it: what any program that looks at it has to pay."""

import os
from collections.abc import Iterable
from itertools import takewhile

import av
from av import Packet, VideoFrame
from av.video.stream import VideoStream

from monitor.capture.unreadable import reason
from monitor.errors import SourceFormatError


def count_packets(path: str, until_s: float) -> int:
    """Read the packets of a video's first `until_s`, decode none, and return how many there were."""
    return _through(path, until_s, decode=False)


def count_pictures(path: str, until_s: float) -> int:
    """Decode the first `until_s` of a video on all cores, drop the pictures, return how many there were."""
    return _through(path, until_s, decode=True)


def _through(path: str, until_s: float, *, decode: bool) -> int:
    try:
        with av.open(path) as container:
            if not container.streams.video:
                raise SourceFormatError(f"{path} holds no video stream; name another file.")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = len(os.sched_getaffinity(0))
            first = stream.start_time or 0
            last = first + until_s / float(stream.time_base or 1)
            units: Iterable[VideoFrame | Packet[VideoStream]]
            # The last packet is empty: it makes a decoder give what it holds back.
            packets = (packet for packet in container.demux(stream) if packet.size)
            units = container.decode(stream) if decode else packets
            return len(list(takewhile(bool, (unit.pts is None or unit.pts < last for unit in units))))
    except av.FFmpegError as error:
        raise reason(path, None, error) from error
