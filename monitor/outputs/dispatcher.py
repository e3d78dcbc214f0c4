"""Hands every observation to all sinks; one that fails is left out and the others go on."""

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from monitor.errors import OutputError
from monitor.events.event import EventChange, NearMiss
from monitor.frames import Gap
from monitor.outputs.sink import Interruptible, Observation, Sink

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A sink that was left out: its name, and the sentence that says why."""

    name: str
    message: str


class Dispatcher:
    """A sink of sinks, served in the order given: those that write files before those that name them.

    A sink that raises `OutputError` is logged once, closed and left out; `failures` tells of it. Other
    errors are bugs and pass.
    """

    caught: tuple[type[Exception], ...] = (OutputError,)
    """What a sink may raise without ending the program."""

    def __init__(self, sinks: Mapping[str, Sink]) -> None:
        self._sinks = dict(sinks)
        self.failures: list[Failure] = []

    @property
    def needs_sigma(self) -> bool:
        """Whether a sink asks for `Observation.sigma`, by an attribute of this name."""
        return any(getattr(sink, "needs_sigma", False) for sink in self._sinks.values())

    def take(self, observation: Observation) -> None:
        """Hand one frame to every sink that still works."""
        for name, sink in list(self._sinks.items()):
            try:
                sink.take(observation)
            except self.caught as error:
                self._leave_out(name, error)

    def gap(self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Hand over a span without a picture, and what the judge made of it."""
        for name, sink in list(self._sinks.items()):
            try:
                if isinstance(sink, Interruptible):
                    sink.interrupted(gap, changes, near_misses)
                else:
                    sink.finish(changes, near_misses)
            except self.caught as error:
                self._leave_out(name, error)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Hand over what the judge closed at the end of the source."""
        for name, sink in list(self._sinks.items()):
            try:
                sink.finish(changes, near_misses)
            except self.caught as error:
                self._leave_out(name, error)

    def close(self) -> None:
        """Close every sink, in order, whatever happens to the others; safe to call twice."""
        with ExitStack() as stack:
            for name, sink in reversed(self._sinks.items()):
                stack.callback(self._close, name, sink)

    def _close(self, name: str, sink: Sink) -> None:
        try:
            sink.close()
        except self.caught as error:
            self._leave_out(name, error)

    def _leave_out(self, name: str, error: Exception) -> None:
        sink = self._sinks.pop(name)
        self.failures.append(Failure(name, str(error)))
        log.error("%s is left out from here on: %s", name, error)
        try:
            sink.close()
        except self.caught as second:
            log.debug("%s could not be closed cleanly either: %s", name, second)
