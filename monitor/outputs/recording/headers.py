"""What a container must know of coded pictures before the first: parameter sets, as a stream to copy from."""

import io
import struct

import av
from av.container import InputContainer

from monitor.capture.coded import CodedFormat, CodedPicture

_START_CODE = b"\0\0\1"

_PARAMETER_SETS = {"h264": (0x1F, 0, {7, 8}), "hevc": (0x3F, 1, {32, 33, 34})}
"""Per codec: mask and shift of the type in a NAL unit's first byte, and the types of parameter sets
(SPS and PPS in ITU-T H.264 table 7-1; VPS, SPS and PPS in H.265 table 7-1)."""

_TRACKS = {
    "h264": b"V_MPEG4/ISO/AVC",
    "hevc": b"V_MPEGH/ISO/HEVC",
    "av1": b"V_AV1",
    "vp9": b"V_VP9",
    "mpeg4": b"V_MPEG4/ISO/ASP",
    "mjpeg": b"V_MJPEG",
}
"""Matroska's names of codecs (RFC 9559 and the codec registry beside it)."""


def parameter_sets(picture: CodedPicture) -> bytes:
    """Return the out-of-band header of a key picture's format; empty where there is none.

    Where the format has none, the parameter sets that H.264 and H.265 carry in the picture itself (Annex B)
    are taken.
    """
    coded = picture.format
    if coded.extradata or coded.codec not in _PARAMETER_SETS:
        return coded.extradata
    mask, shift, wanted = _PARAMETER_SETS[coded.codec]
    units = [unit.rstrip(b"\0") for unit in picture.data.split(_START_CODE)[1:]]
    sets = [unit for unit in units if unit and (unit[0] & (mask << shift)) >> shift in wanted]
    return b"".join(b"\0" + _START_CODE + unit for unit in sets)


def can_begin(picture: CodedPicture) -> bool:
    """Say whether a file can begin with this picture: a key picture of known size and parameter sets."""
    needs_sets = picture.format.codec in _PARAMETER_SETS
    is_known = bool(picture.format.size.width) and (not needs_sets or bool(parameter_sets(picture)))
    return picture.is_key and is_known


def template(coded: CodedFormat, extradata: bytes) -> InputContainer:
    """Return an opened container, in memory, whose one stream has this format; close it after use.

    It is the head of a Matroska file without pictures: the one way in which PyAV takes a header from memory
    whole, be it Annex B or a configuration record. Raises ValueError for codecs not known here.
    """
    if coded.codec not in _TRACKS:
        raise ValueError(f"no container is known here for {coded.codec}")
    width, height = coded.size
    picture = _element(0xE0, _number(0xB0, width) + _number(0xBA, height))
    private = _element(0x63A2, extradata) if extradata else b""
    named = _element(0x86, _TRACKS[coded.codec])
    # Track number and id 1, type 1: video.
    track = _element(
        0xAE, _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + named + private + picture
    )
    # FFmpeg takes a header for whole once a cluster follows.
    cluster = _element(0x1F43B675, _number(0xE7, 0))
    head = _element(0x1A45DFA3, _element(0x4282, b"matroska"))
    content = head + _element(0x18538067, _element(0x1654AE6B, track) + cluster)
    return av.open(io.BytesIO(content), "r", format="matroska")


def _element(name: int, content: bytes) -> bytes:
    """Return an EBML element: its id, its length in eight bytes, its content (RFC 8794)."""
    return (
        name.to_bytes((name.bit_length() + 7) // 8, "big")
        + struct.pack(">Q", len(content) | 1 << 56)
        + content
    )


def _number(name: int, value: int) -> bytes:
    return _element(name, struct.pack(">Q", value))
