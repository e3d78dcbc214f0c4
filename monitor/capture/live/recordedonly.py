"""A stream of a camera that nobody looks at: it is recorded."""

import logging
from collections.abc import Callable

from monitor.capture.source import SourceInfo
from monitor.errors import MonitorError
from monitor.frames import Frame

log = logging.getLogger(__name__)


class RecordedOnly:
    """A line's taker: there are no frames, and a loss is no gap. `fail` is told what cannot work."""

    def __init__(self, fail: Callable[[MonitorError], None], name: str) -> None:
        self._fail = fail
        self._name = name
        self._lost = False

    def opened(self, info: SourceInfo) -> None:
        """Log a new connection."""
        log.info("%s: connected to %s: %dx%d %s", self._name, info.name, *info.size, info.codec)
        self._lost = False

    def wants(self, time_s: float) -> bool:
        """Never asked: nothing is decoded."""
        raise AssertionError("a stream that is recorded only decodes no pictures")

    def make_room(self) -> None:
        """Never asked: nothing is decoded."""
        raise AssertionError("a stream that is recorded only decodes no pictures")

    def frame(self, frame: Frame) -> None:
        """Never given: nothing is decoded."""
        raise AssertionError("a stream that is recorded only gives no frames")

    def lost(self, why: str) -> None:
        """Log a loss, once."""
        if not self._lost:
            log.warning("%s: lost: %s; trying again", self._name, why)
        self._lost = True

    def failed(self, error: MonitorError) -> None:
        """Pass the error on."""
        self._fail(error)
