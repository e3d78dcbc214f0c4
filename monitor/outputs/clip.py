"""The video file of each event of a recorded file: copied where possible, else encoded."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from monitor.capture.file import FileSource
from monitor.errors import OutputError, SourceError
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.outputs.copying import CannotCopyError, copy_span, suffix_for
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import cannot_write, refuse_existing, unfinished
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.sink import Observation
from monitor.outputs.video import ROUNDING_S, VideoWriter, writing_video
from monitor.storage.address import shown

log = logging.getLogger(__name__)

Mode = Literal["copy", "encode"]
"""copy: as recorded, from the key frame before; encode: exactly from the start, at the cost of time."""


class ClipSink:
    """Cuts a clip of each event out of its recording as soon as the event has closed.

    A clip spans [start - pre_roll_s, end + post_roll_s] within the recording, in seconds; a copied one
    starts at the key frame before. `name_of` gives its name, where .mp4 becomes .mkv if a copied codec
    needs that. With privacy polygons, and where packets cannot be copied, clips are encoded. A clip has
    its name only once it is complete.
    """

    def __init__(
        self,
        recording: str | Path,
        name_of: Callable[[Event], Path],
        ledger: FileLedger,
        *,
        mode: Mode = "copy",
        pre_roll_s: float = 2.0,
        post_roll_s: float = 2.0,
        privacy: Sequence[Polygon] = (),
    ) -> None:
        self._recording = recording
        self._name_of = name_of
        self._ledger = ledger
        self._copies = mode == "copy" and not privacy
        self._pre_roll_s = pre_roll_s
        self._post_roll_s = post_roll_s
        self._privacy = privacy

    def take(self, observation: Observation) -> None:
        """Cut the clips of the events that closed on this frame."""
        self.finish(observation.changes, ())

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Cut the clips of the events that closed at the end of the source."""
        for change in changes:
            if change.phase is Phase.CLOSED:
                self._ledger.wrote_clip(change.event.id, self._cut(change.event))

    def close(self) -> None:
        """Nothing is open between two events."""

    def _cut(self, event: Event) -> Path:
        start_s = max(0.0, event.start_s - self._pre_roll_s)
        end_s = (event.start_s if event.end_s is None else event.end_s) + self._post_roll_s
        path = self._name_of(event)
        if self._copies:
            try:
                return self._copied(path, start_s, end_s)
            except CannotCopyError as error:
                self._copies = False
                name = shown(str(self._recording))
                log.warning("%s: clips are encoded, not copied: %s", name, error)
        return self._encoded(path, start_s, end_s)

    def _copied(self, path: Path, start_s: float, end_s: float) -> Path:
        with writing_video(path):
            path = path.with_suffix(suffix_for(self._recording))
            refuse_existing(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = unfinished(path)
            try:
                copy_span(self._recording, part, start_s, end_s)
                return part.rename(path)
            finally:
                part.unlink(missing_ok=True)

    def _encoded(self, path: Path, start_s: float, end_s: float) -> Path:
        refuse_existing(path)
        part = unfinished(path)
        try:
            encode_span(self._recording, part, start_s, end_s, self._privacy)
            with writing_video(path):
                return part.rename(path)
        except SourceError as error:
            raise OutputError(cannot_write(path, str(error))) from error
        finally:
            part.unlink(missing_ok=True)


def encode_span(
    recording: str | Path, target: Path, start_s: float, end_s: float, privacy: Sequence[Polygon] = ()
) -> None:
    """Write the pictures of a recording from `start_s` to `end_s` to `target`, an MP4, upright.

    Times count from the first picture of the recording; the polygons are black.
    Raises `SourceError` where it cannot be read or has no picture there, `OutputError`.
    """
    writer = None
    try:
        with FileSource(recording, start_s=start_s) as source:
            for frame in source:
                if frame.time_s > end_s + ROUNDING_S:
                    break
                if writer is None:
                    writer, first_s = VideoWriter(target, frame.size), frame.time_s
                writer.write(blacken(frame.bgr(), privacy), frame.time_s - first_s)
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise SourceError(f"{shown(str(recording))} has no picture between {start_s:.3f} and {end_s:.3f} s.")
