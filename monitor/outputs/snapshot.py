"""One picture of each event: the frame that shows it best."""

from collections.abc import Callable, Sequence
from pathlib import Path

from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Frame
from monitor.outputs.contact import ContactSheet
from monitor.outputs.files import FileLedger
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.sink import Observation
from monitor.outputs.still import JPEG, write_still


class SnapshotSink:
    """Writes the best picture of each event when it closes, at source size, as it was, without marks.

    For each open event the best frame so far is kept as decoded; colour is made once, at the close. The
    best frame is the one on which the event opened, then each on which its peak moved to that frame.
    `name_of` gives the name, None writes no files; `sheet`, where given, gets each picture too.
    """

    def __init__(
        self,
        name_of: Callable[[Event], Path] | None,
        ledger: FileLedger,
        *,
        sheet: ContactSheet | None = None,
        privacy: Sequence[Polygon] = (),
    ) -> None:
        self._name_of = name_of
        self._ledger = ledger
        self._sheet = sheet
        self._privacy = privacy
        self._best: dict[str, Frame] = {}
        self._last: Frame | None = None

    def take(self, observation: Observation) -> None:
        """Keep this frame where it is the best of an event; write the pictures of those that closed."""
        self._last = observation.frame
        self.finish(observation.changes, ())

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Write the pictures of the events that closed at the end of the source."""
        for change in changes:
            self._keep(change.event)
            if change.phase is Phase.CLOSED:
                self._write(change.event)

    def show(self, event: Event, frame: Frame) -> None:
        """Write the picture of an event that has closed, which is this frame."""
        picture = blacken(frame.bgr(), self._privacy)
        if self._sheet is not None:
            self._sheet.add(event, picture)
        if self._name_of is not None:
            path = self._name_of(event)
            write_still(path, picture, JPEG)
            self._ledger.wrote_snapshot(event.id, path)

    def close(self) -> None:
        """Let the frames go and write the contact sheet; safe to call twice."""
        self._best.clear()
        self._last = None
        if self._sheet is not None:
            self._sheet.write()

    def _keep(self, event: Event) -> None:
        if self._last is not None and (event.id not in self._best or event.peak_frame == self._last.index):
            self._best[event.id] = self._last

    def _write(self, event: Event) -> None:
        frame = self._best.pop(event.id, None)
        if frame is not None:
            self.show(event, frame)
