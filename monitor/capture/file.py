"""Video files as a source, whatever FFmpeg reads."""

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Self

from av import FFmpegError, VideoFrame
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from monitor.capture.container import opened_container
from monitor.capture.decoding import Decoder
from monitor.capture.planes import Orientation, bgr_of, planes_of
from monitor.capture.source import Problems, SourceInfo
from monitor.capture.thinning import Thinning
from monitor.capture.timestamps import Timeline
from monitor.errors import SourceFormatError, UsageError
from monitor.frames import Frame, Size
from monitor.storage.address import shown

EARLIEST_YEAR = 1990
"""A creation time before this is a clock that was never set (1904, 1970), so the time is unknown."""

_MICROSECONDS_PER_S = 1_000_000

_ROUNDING_S = 1e-6
"""Times are sums of floats; a frame this near to a limit is taken to be on it."""

_MORE_THREADS = 2
"""Where pictures are left out those that remain take the longest to decode and are built on one another: with
two more threads than cores they wait less for each other. A quiet 1080p scan takes 0.89, not 0.94 times bare
decoding, a busy one the same; each thread holds 8 MB of 1080p. Not where one core is all there is.
"""


class FileSource:
    """The pictures of a video file, decoded to planes, in order of presentation.

    `path` is a file, one in a store ("s3://…", "sftp://…"), of which only what is read is fetched, or an
    address that FFmpeg opens ("https://…"). `threads` are decoder threads, by default one for each core.
    `key_frames_only` leaves out all other pictures, at a tenth of the cost. With `enough_hz` pictures that
    no other is built on are left out as long as so many a second remain; `index` counts them all the same.
    Frames before `start_s` are left out: `time_s` still counts from the file's first frame, `index` from
    the first one given. To be used from one thread; the frames may go to any.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        threads: int | None = None,
        key_frames_only: bool = False,
        enough_hz: float | None = None,
        start_s: float = 0.0,
    ) -> None:
        if start_s < 0:
            raise UsageError(f"start_s is {start_s}, but a file starts at 0; give 0 or more.")
        self._path = path
        self._address = shown(str(path))
        self._threads = threads or len(os.sched_getaffinity(0))
        self._key_frames_only = key_frames_only
        self._enough_hz = enough_hz
        self._thinning: Thinning | None = None
        self._start_s = start_s
        self._stack = ExitStack()
        self._container: InputContainer | None = None
        self._info: SourceInfo
        self.problems = Problems()

    @property
    def info(self) -> SourceInfo:
        """What the container states; `size` is that of the first picture, upright."""
        return self._info

    def begin_at(self, start: datetime | None) -> None:
        """Take this for the time of the first frame; see `RecordedSource`."""
        self._info = replace(self._info, start_time=start)

    @property
    def enough_hz(self) -> float | None:
        """The rate for whose sake pictures are left out; None where all are decoded, or are by now."""
        return self._enough_hz if self._thinning is not None and self._thinning.spares else None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._container = stack.enter_context(opened_container(self._path))
            self._prepare(self._container)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *unused: object) -> None:
        if self._container is not None:
            self._pictures.close()
            self._stack.close()
            self._container = None

    def __iter__(self) -> Iterator[Frame]:
        before: int | None = None
        time_s = 0.0
        for position, picture in enumerate(self._pictures):
            time_s = self._timeline.place(picture.pts if self._has_timestamps else None)
            if self._thinning is not None:
                position = self._thinning.index_of(picture.pts, time_s)
            if time_s >= self._start_s - _ROUNDING_S:
                before = position if before is None else before
                yield self._frame(position - before, time_s, picture)
        if self._container is not None:
            self._note_cut_off(time_s)

    def _frame(self, index: int, time_s: float, picture: VideoFrame) -> Frame:
        luma, chroma = planes_of(picture, self._orientation)
        if luma.shape != self._shape:
            self._note_size(index, luma.shape)
        damaged = picture.is_corrupt
        if damaged:
            self.problems.damaged_frames += 1
        start = self._info.start_time
        wall_time = start and start + timedelta(seconds=time_s)
        render = partial(bgr_of, picture, self._orientation)
        return Frame(index, time_s, luma, chroma, render, wall_time, damaged)

    def _note_size(self, index: int, shape: tuple[int, ...]) -> None:
        self.problems.size_changes += 1
        self.problems.note(f"from frame {index} on pictures are {shape[1]}x{shape[0]}")
        self._shape = shape

    def _note_cut_off(self, ended_s: float) -> None:
        count = None if self._start_s or self._key_frames_only else self._info.frame_count
        if self._decoder.is_cut_off(ended_s, self._timeline.step_s, self._info.duration_s, count):
            self.problems.truncated = True

    def _prepare(self, container: InputContainer) -> None:
        """Decode the first picture: it tells the orientation, and whether there is anything to see."""
        stream = video_stream(container, self._address)
        enough_hz = self._enough_hz_of(stream)
        more = _MORE_THREADS if enough_hz and self._threads > 1 else 0
        self._configure(stream, self._threads + more)
        # AVI keeps no presentation times: pictures that were reordered carry the times of decoding.
        self._has_timestamps = not (container.format.name == "avi" and stream.codec_context.has_b_frames)
        if enough_hz is not None and self._has_timestamps:
            self._thinning = Thinning(stream, enough_hz)
        self._decoder = Decoder(container, stream, self._address, self.problems, self._thinning)
        decoded = self._decoder.pictures()
        first = next(decoded, None)
        if first is None:
            raise SourceFormatError(
                f"{self._address} holds no picture that can be decoded "
                f"({stream.codec_context.codec.canonical_name}); "
                "check that it plays elsewhere, or copy it again from where it came."
            )
        self._orientation = Orientation.of(first)
        self._shape = planes_of(first, self._orientation)[0].shape
        self._info = _info(Path(self._address).name, container, stream, self._shape)
        self._timeline = Timeline(stream.time_base or Fraction(1), self._info.rate_hz, self.problems)
        self._pictures: Generator[VideoFrame] = _both(first, decoded)
        self._first_pts = first.pts or 0
        if self._start_s and self._has_timestamps and first.pts is not None:
            self._seek(container, stream, first.pts)

    def _enough_hz_of(self, stream: VideoStream) -> float | None:
        """Return how many pictures a second suffice, None where the stream has no more than that to spare."""
        rate_hz, enough_hz = _rate_hz(stream), self._enough_hz
        return None if enough_hz and rate_hz and rate_hz <= enough_hz else enough_hz

    def _configure(self, stream: VideoStream, threads: int) -> None:
        context = stream.codec_context
        context.thread_type = "AUTO"  # by frames or slices, as the codec can
        context.thread_count = threads
        if self._key_frames_only:
            context.skip_frame = "NONKEY"
            stream.discard = Discard.nonkey  # where the container has an index, the others are not even read

    def _seek(self, container: InputContainer, stream: VideoStream, first_pts: int) -> None:
        """Go on from the last key frame before the start; what is still before it is dropped later."""
        try:
            container.seek(first_pts + int(self._start_s / self._timeline.time_base_s), stream=stream)
        except FFmpegError:
            return  # not every container can seek; all before the start is decoded and dropped then
        self._pictures.close()
        self._timeline.begin(first_pts)
        self._pictures = self._decoder.pictures()


def _both(first: VideoFrame, rest: Generator[VideoFrame]) -> Generator[VideoFrame]:
    yield first
    yield from rest


def video_stream(container: InputContainer, name: str) -> VideoStream:
    """Return the stream to watch: the largest video, not the cover picture of a piece of music."""
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.disposition & Disposition.attached_pic:
        kinds = " and ".join(sorted({stream.type for stream in container.streams})) or "nothing"
        raise SourceFormatError(f"{name} holds no video stream, only {kinds}; leave it out.")
    if stream.codec_context is None:
        raise SourceFormatError(
            f"{name} is coded in a way that this FFmpeg has no decoder for; convert it to H.264."
        )
    return stream


def _info(name: str, container: InputContainer, stream: VideoStream, shape: tuple[int, ...]) -> SourceInfo:
    return SourceInfo(
        name=name,
        size=Size(shape[1], shape[0]),
        rate_hz=_rate_hz(stream),
        duration_s=_duration_s(container, stream),
        frame_count=stream.frames or None,
        start_time=_start_time({**stream.metadata, **container.metadata}),
        codec=stream.codec_context.codec.canonical_name,
    )


def _rate_hz(stream: VideoStream) -> float | None:
    """Return the pictures a second that the container states, or that FFmpeg takes them to be."""
    rate_hz = stream.average_rate or stream.guessed_rate
    return float(rate_hz) if rate_hz else None


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """Return how long the video lasts by its stream, or by its container where it is alone in it."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    alone = len(container.streams) == 1
    return container.duration / _MICROSECONDS_PER_S if alone and container.duration else None


def _start_time(metadata: dict[str, str]) -> datetime | None:
    """Return the creation time, UTC where it names no zone, or None where it is absent or nonsense."""
    try:
        time = datetime.fromisoformat(metadata["creation_time"])
    except (KeyError, ValueError):
        return None
    if time.year < EARLIEST_YEAR:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
