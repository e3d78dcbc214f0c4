"""Coded pictures into one file as they come, without decoding; what is on the disk plays at any moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av

from monitor.capture.coded import CodedPicture
from monitor.errors import OutputError
from monitor.outputs.copying import suffix_of
from monitor.outputs.layout import cannot_write
from monitor.outputs.recording.durable import DurableFile, sync_folder
from monitor.outputs.recording.headers import parameter_sets, template
from monitor.outputs.video import GROWING, TIME_BASE, writing_video

FRAGMENT_S = 0.75
"""With one picture more and the way to the disk, what a crash costs: less than a second from 5 pictures a
second on. Shorter fragments cost more bytes and more writes to the disk."""

_MP4 = {**GROWING, "movflags": f"{GROWING['movflags']}+delay_moov"}
"""The index waits for the first fragment: only then is known how far decoding runs ahead (B-frames)."""

_APPLE_HEVC = "hvc1"
"""The tag of H.265 that Safari and QuickTime demand; all others take it too."""


BEGINS_KEY = "comment"
"""Where a file says when it begins: a tag that both containers keep as it is."""

_BEGINS = "begins at source second "


def begins_note(time_s: float) -> str:
    """Return what a file says of its beginning, in seconds of its source as in event records."""
    return f"{_BEGINS}{time_s:.3f}"


def begins_s(note: str | None) -> float | None:
    """Return the second in such a note, None where it is none."""
    if note is None or not note.startswith(_BEGINS):
        return None
    try:
        return float(note.removeprefix(_BEGINS))
    except ValueError:
        return None


class CodedFile:
    """A file of coded pictures of one format; its first picture, a key picture, is shown at 0.

    H.264, H.265, AV1, VP9 and MPEG-4 go into MP4, which browsers play as far as they know the codec; all
    others (Motion JPEG) into Matroska; `path` ends as `suffix_of` says. It grows in fragments of `fragment_s`
    seconds, of which a crash costs the last; `close` makes an ordinary, quickly seekable file of it. `first`
    only tells the format and the time; it is written by `write` like all others. Raises `OutputError`, once:
    after it only `close` may be called, which then leaves the file as it is.
    """

    def __init__(self, path: Path, first: CodedPicture, fragment_s: float = FRAGMENT_S) -> None:
        self.path = path
        self._fragment_s = fragment_s
        self.format = first.format
        self._origin_s = first.time_s
        self._decoded: int | None = None
        self._forced: int | None = None
        self._step = 0
        self._has_failed = False
        with writing_video(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._disk = DurableFile(path)
            self._is_open = True
            try:
                sync_folder(path.parent)
                self._container, self._stream = self._opened(first)
            except ValueError as error:
                self._discard()
                raise OutputError(
                    f"{path} cannot be written: no container takes {first.format.codec}. "
                    "Set clips.mode to encode."
                ) from error
            except BaseException:
                self._discard()
                raise

    def _discard(self) -> None:
        self._disk.close()
        self.path.unlink()

    def _opened(self, first: CodedPicture) -> tuple[Any, Any]:
        codec, size = self.format.codec, self.format.size
        if suffix_of(codec) != ".mp4":
            limits = {"cluster_time_limit": str(round(self._fragment_s * 1e3)), "flush_packets": "1"}
            container: Any = av.open(self._disk, "w", format="matroska", options=limits)
            container.metadata[BEGINS_KEY] = begins_note(first.time_s)
            return container, container.add_mux_stream(
                codec, width=size.width, height=size.height, time_base=TIME_BASE
            )
        options = {**_MP4, "frag_duration": str(round(self._fragment_s * 1e6))}
        container = av.open(self._disk, "w", format="mp4", options=options)
        container.metadata[BEGINS_KEY] = begins_note(first.time_s)
        with template(self.format, parameter_sets(first)) as model:
            stream = container.add_stream_from_template(model.streams.video[0])
        stream.time_base = TIME_BASE
        if codec == "hevc":
            stream.codec_context.codec_tag = _APPLE_HEVC
        return container, stream

    def write(self, picture: CodedPicture) -> None:
        """Add a picture; those shown before the first refer to what is not there and are left out."""
        if picture.time_s < self._origin_s:
            return
        shown, decoded = (
            round((time_s - self._origin_s) / TIME_BASE) for time_s in (picture.time_s, picture.decode_s)
        )
        if self._decoded is not None:
            # Two pictures within one tick, and clocks that step back, still need an order.
            decoded = max(decoded, self._decoded + 1)
            self._step = decoded - self._decoded
        self._decoded = decoded
        packet: Any = av.Packet(picture.data)
        packet.pts, packet.dts, packet.time_base = max(shown, decoded), decoded, TIME_BASE
        packet.duration = self._step
        packet.is_keyframe = picture.is_key
        packet.stream = self._stream
        with self._telling():
            self._container.mux(packet)

    def sync(self) -> None:
        """Return once all but the last `fragment_s` seconds would survive a power cut.

        Matroska is written at each key picture, which in Motion JPEG is each: forcing them one by one would
        wear a memory card out.
        """
        now = self._decoded or 0
        if self._forced is not None and (now - self._forced) * TIME_BASE < self._fragment_s:
            return
        with self._telling():
            if self._disk.sync():
                self._forced = now

    def close(self) -> None:
        """Complete the file and force it to the disk; safe to call twice."""
        if not self._is_open:
            return
        self._is_open = False
        had_failed = self._has_failed
        try:
            with self._telling():
                self._container.close()
                self._disk.sync()
        except OutputError:
            if not had_failed:
                raise
        finally:
            self._disk.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            with writing_video(self.path):
                yield
        except OutputError:
            self._has_failed = True
            if (cause := self._disk.error) is None:
                raise
            # FFmpeg does not always pass the disk's own words on.
            raise OutputError(cannot_write(self.path, cause.strerror or str(cause))) from cause
