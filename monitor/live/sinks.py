"""The sinks that only live watching has: they tell of events at once, and count."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from monitor.capture.coded import CodedPicture, CodedTap
from monitor.clock import Clock
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Gap
from monitor.outputs.files import FileLedger
from monitor.outputs.sink import Observation, Sink

PICTURE_S = 0.1
"""So long an alert waits for the picture of its event: encoding and writing one takes 10 to 40 ms."""

Tell = Callable[[Phase, Event, Path | None], None]


@dataclass(slots=True)
class _Held:
    change: EventChange
    until_s: float


class TellSink:
    """Tells of every change of an event; of one that opens with its picture, if that is there soon.

    What happens to an event while its beginning is held back waits behind it.
    """

    def __init__(self, tell: Tell, ledger: FileLedger, clock: Clock, folder: Path) -> None:
        self._tell = tell
        self._ledger = ledger
        self._clock = clock
        self._folder = folder
        self._held: list[_Held] = []

    def take(self, observation: Observation) -> None:
        """Tell of this frame's changes."""
        self.finish(observation.changes, ())

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Tell of changes."""
        until_s = self._clock.monotonic_s() + PICTURE_S
        self._held += [_Held(change, until_s) for change in changes]
        self.tick()

    def tick(self) -> None:
        """Tell of what has its picture by now, or has waited for long enough."""
        now_s = self._clock.monotonic_s()
        while self._held and (self._held[0].until_s <= now_s or self._is_ready(self._held[0].change)):
            self._say(self._held.pop(0).change)

    def close(self) -> None:
        """Tell of all that is held back; safe to call twice."""
        while self._held:
            self._say(self._held.pop(0).change)

    def _is_ready(self, change: EventChange) -> bool:
        return change.phase is not Phase.OPENED or self._picture(change.event) is not None

    def _say(self, change: EventChange) -> None:
        self._tell(change.phase, change.event, self._picture(change.event))

    def _picture(self, event: Event) -> Path | None:
        named = self._ledger.files(event.id).snapshot
        return None if named is None else self._folder / named


class CountSink:
    """Counts what was found."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()
        self.near_misses: Counter[str] = Counter()
        self.open: set[str] = set()

    def take(self, observation: Observation) -> None:
        """Count this frame's changes."""
        self.finish(observation.changes, observation.near_misses)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Count changes."""
        for change in changes:
            if change.phase is Phase.OPENED:
                self.events[change.event.kind.value] += 1
                self.open.add(change.event.id)
            elif change.phase is Phase.CLOSED:
                self.open.discard(change.event.id)
        self.near_misses.update(miss.rule for miss in near_misses)

    def close(self) -> None:
        """Nothing is held."""


class PictureSink(Sink, Protocol):
    """A sink that records pictures."""

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """Take a gap."""
        ...

    def tick(self) -> None:
        """Do what is due though no frame comes."""
        ...


class CodedSink(PictureSink, Protocol):
    """A sink that records coded pictures."""

    def push(self, picture: CodedPicture) -> None:
        """Take one."""
        ...


class Either:
    """Records by copying packets, or by encoding where the camera turns out to send none: webcams, screens.

    The first frame tells: a coded picture is handed on before the frame that is made of it. Where
    `sends_coded` is known, it decides. `push` is the source's tap.
    """

    def __init__(
        self, copying: CodedSink, encoding: Callable[[], PictureSink], sends_coded: bool | None
    ) -> None:
        self._copying = copying
        self._encoding = encoding
        self._has_coded = False
        self._chosen: PictureSink | None = None
        if sends_coded is not None:
            self._chosen = copying if sends_coded else encoding()

    @property
    def needs_every_frame(self) -> bool:
        """Whether frames are encoded, or it is not known yet."""
        return self._chosen is not self._copying

    def push(self, picture: CodedPicture) -> None:
        """Take a coded picture."""
        if self._chosen is None or self._chosen is self._copying:
            self._has_coded = True
            self._copying.push(picture)

    def take(self, observation: Observation) -> None:
        """Take a frame and the changes of its events."""
        if self._chosen is None:
            self._chosen = self._copying if self._has_coded else self._encoding()
        self._chosen.take(observation)

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """Take a gap."""
        if self._chosen is not None:
            self._chosen.interrupted(gap, changes, near_misses)

    def tick(self) -> None:
        """Do what is due though no frame comes."""
        if self._chosen is not None:
            self._chosen.tick()

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Complete all that is being written."""
        if self._chosen is not None:
            self._chosen.finish(changes, near_misses)

    def close(self) -> None:
        """Complete all that is being written; safe to call twice."""
        if self._chosen is not None:
            self._chosen.close()


class Tap:
    """Hands every coded picture to the sinks that take them; safe from any thread."""

    def __init__(self) -> None:
        self._targets: tuple[CodedTap, ...] = ()

    def add(self, target: CodedTap) -> None:
        """Hand pictures to this one too."""
        self._targets = (*self._targets, target)

    def __call__(self, picture: CodedPicture) -> None:
        """Hand the picture on."""
        for target in self._targets:
            target(picture)
