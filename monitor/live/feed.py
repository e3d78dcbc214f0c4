"""Pictures and scores of one camera for whoever looks: made only while somebody does."""

import json
import logging
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.capture.live.resting import Attention, PacketFacts
from monitor.clock import Clock
from monitor.events.event import EventChange, NearMiss, Phase
from monitor.live.spoken import FACTS, HEAT, LOOK, MASK, PICTURE, Layers, message, reachable
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.seen import seen_in
from monitor.outputs.sink import Observation

log = logging.getLogger(__name__)

EVERY_S = 0.09
"""Time between two pictures: ten a second look smooth enough, and cost a Pi a tenth of a core."""

MAX_WIDTH_PX = 960
_JPEG_QUALITY = 75

MOST_VIEWERS = 8
"""The page has one connection however many look at it; others are programs of the owner."""

_MOST_ARROWS = 300

_SEND_LIMIT_S = 5
"""Whole seconds. Somebody who takes nothing for so long is let go."""

_HEAT_SIGMA = 12.0
"""From here on the heat is at its hottest: three times the usual limit."""

_MASK_BGRA = np.array((60, 60, 255, 150), np.uint8)


class LiveFeed:
    """A sink that shows what one camera sees to whoever connects to the socket at `path` (`live.spoken`).

    `facts` are told first.
    """

    def __init__(
        self, path: Path, facts: Mapping[str, Any], clock: Clock, privacy: Sequence[Polygon] = ()
    ) -> None:
        self._path = path
        self._facts = message(FACTS, json.dumps(facts).encode())
        self._clock = clock
        self._privacy = privacy
        self._viewers: list[_Viewer] = []
        self._lock = threading.Lock()
        self._sent_s = float("-inf")
        self._open: dict[str, str] = {}
        self._server: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen; where that cannot be the camera is watched all the same, and the log says so."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            with reachable(self._path) as address:
                server.bind(address)
            self._path.chmod(0o600)
            server.listen(MOST_VIEWERS)
        except OSError as error:
            log.warning("%s: nobody can look at it live (%s)", self._path, error.strerror or error)
            return
        self._server = server
        self._thread = threading.Thread(target=self._accept, args=(server,), name="live viewers", daemon=True)
        self._thread.start()

    @property
    def is_wanted(self) -> bool:
        """Whether somebody looks."""
        return bool(self._viewers)

    @property
    def needs_sigma(self) -> bool:
        """Whether somebody looks at the heat."""
        return any(viewer.layers & Layers.HEAT for viewer in self._viewers)

    def take(self, observation: Observation) -> None:
        """Send the frame to those who look, if one is due."""
        self._note(observation.changes)
        if not self._viewers:
            return
        now_s = self._clock.monotonic_s()
        if now_s - self._sent_s < EVERY_S:
            return
        self._sent_s = now_s
        with self._lock:
            viewers = list(self._viewers)
        layers = Layers.NONE
        for viewer in viewers:
            layers |= viewer.layers
        messages = [
            message(LOOK, json.dumps(self._look(observation)).encode()),
            message(PICTURE, self._picture(observation)),
        ]
        extra = {}
        if layers & Layers.MASK:
            extra[Layers.MASK] = message(MASK, _png(_painted(observation.mask)))
        if layers & Layers.HEAT and observation.sigma is not None:
            extra[Layers.HEAT] = message(HEAT, _png(_heat(observation.sigma)))
        for viewer in viewers:
            viewer.show(messages + [extra[layer] for layer in extra if layer & viewer.layers])

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Note what has ended."""
        self._note(changes)

    def close(self) -> None:
        """Let all go and end all threads; safe to call twice."""
        server, self._server = self._server, None
        if server is None:
            return
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            viewers = list(self._viewers)
        for viewer in viewers:
            viewer.close()
        self._path.unlink(missing_ok=True)

    def _note(self, changes: Sequence[EventChange]) -> None:
        for change in changes:
            if change.phase is Phase.CLOSED:
                self._open.pop(change.event.id, None)
            else:
                self._open[change.event.id] = change.event.kind.value

    def _look(self, observation: Observation) -> dict[str, Any]:
        scores, outlook = observation.scores, observation.outlook
        return {
            "time_s": round(scores.time_s, 3),
            "wall_time": None if scores.wall_time is None else scores.wall_time.isoformat(),
            "state": scores.state.value,
            "stopped": None if outlook.veto is None else outlook.veto.reason,
            "foreground_fraction": scores.foreground_fraction,
            "kl_nats": scores.kl_previous_nats,
            "gain": scores.gain,
            "seen": [one.to_json() for one in seen_in(scores, outlook)],
            "flow": [[round(value, 4) for value in one] for one in scores.flow[:_MOST_ARROWS]],
            "open": sorted(self._open.values()),
        }

    def _picture(self, observation: Observation) -> bytes:
        picture = observation.frame.bgr()
        height, width = picture.shape[:2]
        if width > MAX_WIDTH_PX:
            size = (MAX_WIDTH_PX, round(height * MAX_WIDTH_PX / width))
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        picture = blacken(picture, self._privacy)
        return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1])

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with self._lock:
                if len(self._viewers) >= MOST_VIEWERS:
                    connection.close()
                    continue
                viewer = _Viewer(connection, self._facts, self._gone)
                self._viewers.append(viewer)
            viewer.start()

    def _gone(self, viewer: "_Viewer") -> None:
        with self._lock, suppress(ValueError):
            self._viewers.remove(viewer)


class Noticed:
    """Says that pictures are to be decoded while somebody looks, else what `attention` says."""

    def __init__(self, attention: Attention, feed: LiveFeed) -> None:
        self._attention = attention
        self._feed = feed

    def begin(self) -> None:
        """Take note of a new connection."""
        self._attention.begin()

    def read(self, packet: PacketFacts) -> bool:
        """Take note of the next packet; return whether pictures are to be decoded."""
        return self._attention.read(packet) or self._feed.is_wanted


class _Viewer:
    """One that looks: gets the newest pictures, never old ones that it was too slow for."""

    def __init__(self, connection: socket.socket, facts: bytes, gone: "Callable[[_Viewer], None]") -> None:
        self.layers = Layers.NONE
        self._connection = connection
        self._gone = gone
        self._next: list[bytes] | None = [facts]
        self._changed = threading.Condition()
        self._is_open = True
        self._threads = [
            threading.Thread(target=work, name="live viewer", daemon=True)
            for work in (self._send, self._listen)
        ]

    def start(self) -> None:
        """Begin to send and to listen."""
        for thread in self._threads:
            thread.start()

    def show(self, messages: list[bytes]) -> None:
        """Send these as soon as what is being sent is through; what waits is replaced by them."""
        with self._changed:
            self._next = messages
            self._changed.notify()

    def close(self) -> None:
        """Hang up and end both threads."""
        self._end()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        # A limit for sending alone: listening waits for as long as nobody says anything.
        limit = struct.pack("ll", _SEND_LIMIT_S, 0)
        try:
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
            while True:
                with self._changed:
                    while self._next is None and self._is_open:
                        self._changed.wait()
                    if not self._is_open:
                        return
                    messages, self._next = self._next or [], None
                self._connection.sendall(b"".join(messages))
        except OSError:
            self._end()

    def _listen(self) -> None:
        with suppress(OSError):
            while wish := self._connection.recv(1):
                self.layers = Layers(wish[0] & (Layers.MASK | Layers.HEAT))
        self._end()

    def _end(self) -> None:
        with self._changed:
            if not self._is_open:
                return
            self._is_open = False
            self._changed.notify_all()
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()
        self._gone(self)


def _painted(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.where((mask > 0)[..., None], _MASK_BGRA, np.uint8(0))


def _heat(sigma: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the distance from μ as colours, the stronger the less transparent; uint8 (h, w, 4), BGRA."""
    strength = np.minimum(np.abs(sigma) * (255.0 / _HEAT_SIGMA), 255.0).astype(np.uint8)
    colours = np.asarray(cv2.applyColorMap(strength, cv2.COLORMAP_INFERNO), np.uint8)
    return np.dstack([colours, np.minimum(strength.astype(np.uint16) * 2, 220).astype(np.uint8)])


def _png(picture: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])
