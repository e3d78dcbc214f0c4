"""Where the key frames of a video are, by its index and without decoding."""

from collections.abc import Sequence

from av import FFmpegError
from av.container import InputContainer
from av.video.stream import VideoStream

from monitor.capture.container import opened_container


def key_times_s(address: str, wanted_s: Sequence[float]) -> list[float]:
    """Return for each wanted time that of the key frame at or before it, in seconds of the recording.

    Empty where the times of the pictures are not kept or the container cannot seek. Raises `SourceError`
    where it cannot be opened.
    """
    with opened_container(address) as container:
        stream = container.streams.best("video")
        if not isinstance(stream, VideoStream) or stream.time_base is None:
            return []
        if container.format.name == "avi" and stream.codec_context.has_b_frames:
            return []
        try:
            first = _key(container, stream)
            if first is None:
                return []
            found = [_key_before(container, stream, first + round(t / stream.time_base)) for t in wanted_s]
        except FFmpegError:
            return []
        return [float((key - first) * stream.time_base) for key in found if key is not None]


def _key_before(container: InputContainer, stream: VideoStream, timestamp: int) -> int | None:
    container.seek(timestamp, stream=stream)
    return _key(container, stream)


def _key(container: InputContainer, stream: VideoStream) -> int | None:
    """Return the presentation timestamp of the next key frame."""
    for packet in container.demux(stream):
        if packet.is_keyframe and packet.pts is not None:
            return packet.pts
    return None
