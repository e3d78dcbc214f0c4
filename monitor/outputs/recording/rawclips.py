"""Recording of sources that give decoded frames alone, or whose pictures must not be copied as they are."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import av

from monitor.capture.coded import CodedPicture
from monitor.events.event import Event
from monitor.outputs.files import FileLedger
from monitor.outputs.frameclip import CONFIRM_S
from monitor.outputs.privacy import Polygon
from monitor.outputs.recording.clips import ClipSpans, LiveClips, Recording
from monitor.outputs.recording.encoder import SOFTWARE, Encoder
from monitor.outputs.recording.still import Still, StillRing, bytes_of, still_of
from monitor.outputs.recording.worker import Worker
from monitor.outputs.sink import Observation

log = logging.getLogger(__name__)


class EncodedParts:
    """Encodes pictures for what writes coded ones; another size begins another file.

    Where the encoder of this name fails, it goes on in software. For one thread at a time.
    """

    def __init__(self, coded: Recording[CodedPicture], encoder: str = SOFTWARE) -> None:
        self._coded = coded
        self._name = encoder
        self._encoder: Encoder | None = None

    def write(self, stills: Sequence[Still]) -> None:
        """Add pictures, in the order of their times."""
        for still in stills:
            try:
                self._encode(still)
            except av.FFmpegError as error:
                if self._name == SOFTWARE:
                    raise
                log.warning("%s failed, recording goes on in software: %s", self._name, error)
                self._encoder, self._name = None, SOFTWARE
                self._encode(still)

    def lost(self) -> None:
        """Note that pictures are missing here."""
        self._coded.lost()
        if self._encoder is not None:
            self._encoder.demand_key()

    def complete(self) -> tuple[Path, ...]:
        """Finish; return the files that there are."""
        self._drain()
        return self._coded.complete()

    def _encode(self, still: Still) -> None:
        if self._encoder is not None and self._encoder.size != still.size:
            self._drain()
        if self._encoder is None:
            self._encoder = Encoder(still.size, self._name)
        self._coded.write(self._encoder.encode(still))

    def _drain(self) -> None:
        if self._encoder is not None:
            self._coded.write(self._encoder.finish())
            self._encoder = None


class RawClipSink(LiveClips[Still]):
    """Encodes a clip of each event from the frames as they pass, no higher than `max_height_px`.

    The last seconds are kept as pictures within half of what the worker lets wait; of large ones the pre-roll
    is shorter than set. `record` gives the `EncodedParts` of an event; privacy polygons are black.
    """

    def __init__(
        self,
        record: Callable[[Event], Recording[Still]],
        worker: Worker,
        ledger: FileLedger,
        spans: ClipSpans,
        *,
        max_height_px: int,
        privacy: Sequence[Polygon] = (),
    ) -> None:
        ring = StillRing(spans.pre_roll_s + CONFIRM_S, worker.max_bytes // 2)
        super().__init__(ring, bytes_of, record, worker, ledger, spans)
        self._max_height_px = max_height_px
        self._privacy = privacy

    def take(self, observation: Observation) -> None:
        """Keep this frame, add it to the clips that are open, and begin and end those of its changes."""
        self.push(still_of(observation.frame, self._max_height_px, self._privacy))
        self.follow(observation.changes)
