"""Pictures into an H.264 file, each at its own time."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import Colorspace, Interpolation

from monitor.errors import OutputError
from monitor.frames import Bgr, Size
from monitor.outputs.layout import cannot_write, writing

TIME_BASE = Fraction(1, 90_000)
"""The tick of all video written here: the 90 kHz clock of MPEG systems (ISO/IEC 13818-1)."""

ROUNDING_S = 1e-6
"""Times are sums of floats; a picture this near to a limit is taken to be on it."""

_HD_HEIGHT_PX = 720
_BT709, _BT601 = 1, 6
"""Matrix coefficients, ITU-T H.273 table 4. HD is written as BT.709 and smaller as BT.601, as usual."""

_ROUNDED = int(Interpolation.BILINEAR) | int(Interpolation.ACCURATE_RND)
"""Without rounding FFmpeg's conversion is one to three grey levels too dark."""

GROWING = {"movflags": "hybrid_fragmented", "frag_duration": "1000000", "flush_packets": "1"}
"""Fragments of one second on disk while it grows; an ordinary, quickly seekable file once it is closed."""

COMPLETE = {"movflags": "faststart"}
"""An ordinary file with its index first, for players that read it over a network."""


@contextmanager
def writing_video(path: Path) -> Iterator[None]:
    """Turn the errors of the file system and of FFmpeg inside into `OutputError`."""
    try:
        with writing(path):
            yield
    except av.FFmpegError as error:
        raise OutputError(cannot_write(path, error.strerror or str(error))) from error


class VideoWriter:
    """Writes colour pictures of one size as H.264 (4:2:0, 8 bits) into an MP4 at `path`.

    Odd sizes lose their last column or row, which 4:2:0 cannot hold. `preset` is x264's, from ultrafast
    to slow; `crf` its quality, 18 (as good as the original) to 28 (small). Raises `OutputError`.
    """

    def __init__(
        self,
        path: Path,
        size: Size,
        *,
        preset: str = "veryfast",
        crf: int = 20,
        options: dict[str, str] = COMPLETE,
    ) -> None:
        self._path = path
        self._size = Size(max(2, size.width // 2 * 2), max(2, size.height // 2 * 2))
        self._last_ticks = -1
        self._failed = False
        hd = self._size.height >= _HD_HEIGHT_PX
        self._colours = Colorspace.ITU709 if hd else Colorspace.ITU601
        with writing_video(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(str(path), "w", format="mp4", options=options)
            self._stream: Any = self._container.add_stream(
                "libx264", rate=30, options={"preset": preset, "crf": str(crf)}
            )
            self._configure(_BT709 if hd else _BT601)
            # The header at once: the file is there, and what cannot be written is told before work begins.
            self._container.start_encoding()
        self._open = True

    def _configure(self, matrix: int) -> None:
        context = self._stream.codec_context
        context.width, context.height = self._size
        context.pix_fmt = "yuv420p"
        context.time_base = TIME_BASE
        context.colorspace = matrix

    def write(self, picture: Bgr, time_s: float) -> None:
        """Add a picture at `time_s` from the start of the file; times must grow.

        A picture of another size than the first is scaled to it.
        """
        if picture.shape[:2] != (self._size.height, self._size.width):
            picture = self._fitted(picture)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
        frame = frame.reformat(
            format="yuv420p", dst_colorspace=self._colours, interpolation=_ROUNDED, threads=1
        )
        # Two pictures within one tick (a hundred thousandth of a second) still need an order.
        self._last_ticks = max(round(time_s / TIME_BASE), self._last_ticks + 1)
        frame.pts, frame.time_base = self._last_ticks, TIME_BASE
        self._mux(frame)

    def close(self) -> None:
        """Write what the encoder holds back and complete the file; safe to call twice.

        After a failure the file is closed as it is, and `OutputError` says that it is not complete.
        """
        if not self._open:
            return
        self._open = False
        try:
            if self._last_ticks >= 0 and not self._failed:
                self._mux(None)
        finally:
            with writing_video(self._path):
                self._container.close()
        if self._failed:
            raise OutputError(f"{self._path} is not complete: writing it failed before its end.")

    def _fitted(self, picture: Bgr) -> Bgr:
        width, height = self._size
        if picture.shape[0] in (height, height + 1) and picture.shape[1] in (width, width + 1):
            return picture[:height, :width]
        return cv2.resize(picture, self._size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]

    def _mux(self, frame: av.VideoFrame | None) -> None:
        try:
            with writing_video(self._path):
                self._container.mux(self._stream.encode(frame))
        except OutputError:
            # FFmpeg's muxers may crash when they are fed again after an error.
            self._failed = True
            raise
