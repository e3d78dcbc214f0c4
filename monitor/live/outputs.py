"""Hands what happens at one camera to all sinks; one that fails is started anew, the others go on."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from monitor.clock import Clock
from monitor.outputs.dispatcher import Dispatcher
from monitor.outputs.sink import Observation, Sink

log = logging.getLogger(__name__)

RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""After failures in a row a sink is left alone for so long, and then always for the last."""

TELL_AGAIN_S = 60.0
"""What keeps failing is told once a minute, with the count."""

_PROVEN_S = 60.0
"""A sink that has worked for so long begins anew with the shortest delay."""


@dataclass(slots=True)
class _Trouble:
    """A sink that has failed: why, how often on end, and since it was last told."""

    message: str = ""
    failures: int = 0
    untold: int = 0
    told_s: float = float("-inf")
    failed_s: float = float("-inf")
    retry_s: float = 0.0
    is_out: bool = True


class LiveOutputs(Dispatcher):
    """A sink of sinks that never gives one up, whatever it raises.

    `makers` are in the order in which sinks are served: those that write files before those that name them.
    A sink that fails is logged in full at first, then once a minute with the count, and made anew after
    1, 2, 5, 10, 30 s and then every 30 s. `failing` tells of those that are out just now. A sink that has
    something to do though no frame comes has a `tick`.
    """

    caught = (Exception,)

    def __init__(self, makers: Mapping[str, Callable[[], Sink]], clock: Clock) -> None:
        super().__init__({})
        self._makers = makers
        self._clock = clock
        self._troubles: dict[str, _Trouble] = {}
        for name in makers:
            self._make(name)

    @property
    def failing(self) -> Mapping[str, str]:
        """Why each sink that is out has failed."""
        return {name: trouble.message for name, trouble in self._troubles.items() if trouble.is_out}

    def take(self, observation: Observation) -> None:
        """Hand one frame to every sink, after making those anew that are due."""
        self._revive()
        super().take(observation)

    def tick(self) -> None:
        """Do what is due though no frame comes; to be called several times a second."""
        self._revive()
        for name, sink in list(self._sinks.items()):
            try:
                getattr(sink, "tick", _nothing)()
            except self.caught as error:
                self._leave_out(name, error)

    def _revive(self) -> None:
        for name, trouble in self._troubles.items():
            if trouble.is_out and self._clock.monotonic_s() >= trouble.retry_s:
                self._make(name)

    def _make(self, name: str) -> None:
        try:
            made = self._makers[name]()
        except Exception as error:
            self._failed(name, error)
            return
        known = {**self._sinks, name: made}
        self._sinks = {each: known[each] for each in self._makers if each in known}
        if name in self._troubles:
            self._troubles[name].is_out = False
            log.info("%s works again", name)

    def _leave_out(self, name: str, error: Exception) -> None:
        sink = self._sinks.pop(name, None)
        self._failed(name, error)
        if sink is not None:
            with suppress(Exception):
                sink.close()

    def _failed(self, name: str, error: Exception) -> None:
        now_s = self._clock.monotonic_s()
        trouble = self._troubles.setdefault(name, _Trouble())
        if now_s - trouble.failed_s > _PROVEN_S:
            trouble.failures = 0
        trouble.retry_s = now_s + RETRY_S[min(trouble.failures, len(RETRY_S) - 1)]
        trouble.failures += 1
        trouble.untold += 1
        trouble.failed_s, trouble.message, trouble.is_out = now_s, str(error), True
        if trouble.failures == 1:
            log.error("%s fails and will be started anew: %s", name, error, exc_info=error)
            trouble.told_s, trouble.untold = now_s, 0
        elif now_s - trouble.told_s >= TELL_AGAIN_S:
            log.error("%s failed %d more times: %s", name, trouble.untold, error)
            trouble.told_s, trouble.untold = now_s, 0


def _nothing() -> None:
    """Do nothing."""
