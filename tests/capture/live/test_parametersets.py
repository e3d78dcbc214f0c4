"""The format of coded pictures, also where it changes within a stream."""

from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from monitor.capture.live.parametersets import FormatWatch
from monitor.frames import Size

ENCODERS = {"h264": ("libx264", {}), "hevc": ("libx265", {"x265-params": "log-level=none:repeat-headers=1"})}


def pictures_of(codec: str, size: Size) -> list[tuple[bytes, bool]]:
    """Return two coded pictures in Annex B form, the first with its parameter sets."""
    name, options = ENCODERS[codec]
    if name not in av.codecs_available:
        pytest.skip(f"this FFmpeg has no encoder {name}")
    context = av.CodecContext.create(name, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = size.width, size.height, "yuv420p"
    context.framerate = Fraction(25)
    context.options = {"preset": "ultrafast", "tune": "zerolatency", **options}
    frames = [av.VideoFrame.from_ndarray(np.full((size.height, size.width), 90, np.uint8), "gray")] * 2
    packets = [packet for frame in [*frames, None] for packet in context.encode(frame)]
    return [(bytes(packet), packet.is_keyframe) for packet in packets]


def watch_of(codec: str) -> FormatWatch:
    context = av.CodecContext.create(codec, "r")
    assert isinstance(context, VideoCodecContext)
    return FormatWatch(context)


@pytest.mark.parametrize("codec", ENCODERS)
def test_size_and_header_come_from_the_first_key_frame_and_change_with_it(codec: str) -> None:
    watch = watch_of(codec)
    small, large = Size(160, 96), Size(320, 192)
    formats = [
        watch.of(data, is_key) for size in (small, small, large) for data, is_key in pictures_of(codec, size)
    ]
    assert [found.size for found in formats] == [small] * 4 + [large] * 2
    assert formats[0] is formats[3]
    assert formats[3].extradata != formats[4].extradata
    assert {found.codec for found in formats} == {codec}
    assert formats[0].extradata.startswith(b"\0\0\0\1")


def test_parameter_sets_given_twice_are_kept_once() -> None:
    (data, _), *_ = pictures_of("h264", Size(160, 96))
    header = watch_of("h264").of(data, True).extradata
    assert watch_of("h264").of(header + data, True).extradata == header


def test_a_damaged_key_frame_changes_nothing_but_the_header() -> None:
    watch = watch_of("h264")
    pictures = pictures_of("h264", Size(160, 96))
    before = watch.of(*pictures[0])
    after = watch.of(b"\0\0\0\1\x67\x01\x02\x03\0\0\0\1\x65\xff", True)
    assert after.size == before.size
