"""A TCP proxy before an RTSP server: it goes silent, spoils pictures, and counts what it has passed on."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

_INTERLEAVED = 0x24
"""The dollar sign before each packet that is sent within the RTSP connection (RFC 2326, 10.12)."""

_RTP_HEADER_BYTES = 12
_PICTURE_CHANNEL = 0


class Proxy:
    """Passes an RTSP connection with interleaved RTP on to `port`, any number one after the other.

    After `go_silent` what is connected stays so, and nothing goes on in it any more. `spoil` is the chance of
    each packet of pictures to have bytes changed. `arrivals` holds for the newest connection when the end of
    each picture went on, by the steady clock.
    """

    def __init__(self, port: int, seed: int = 1) -> None:
        self._port = port
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._silent = threading.Event()
        self.spoil = 0.0
        self.connections = 0
        self.spoilt = 0
        self.arrivals: list[float] = []
        self.address = f"rtsp://127.0.0.1:{self._listener.getsockname()[1]}/cam"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        for each in self._sockets:
            each.close()

    def go_silent(self) -> None:
        """Keep the newest connection open and let nothing through in it."""
        self._silent.set()

    def point_to(self, port: int) -> None:
        """Let the connections from now on go there."""
        self._port = port

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._port), 5.0)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            self._sockets += [client, server]
            self.connections += 1
            self.arrivals = []
            self._silent = silent = threading.Event()
            for target in (self._upward, self._downward):
                threading.Thread(target=target, args=(client, server, silent), daemon=True).start()

    def _upward(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        with suppress(OSError):
            while (data := client.recv(65536)) and not silent.is_set():
                server.sendall(data)
        _end(silent, client, server)

    def _downward(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        arrivals = self.arrivals
        with suppress(OSError, EOFError):
            for part in _parts(server):
                if silent.is_set():
                    return
                client.sendall(self._passed(part, arrivals))
        _end(silent, client, server)

    def _passed(self, part: bytearray, arrivals: list[float]) -> bytes:
        if part[0] == _INTERLEAVED and part[1] == _PICTURE_CHANNEL:
            if part[5] & 0x80:  # the marker: the last packet of a picture (RFC 6184, 5.1)
                arrivals.append(time.monotonic())
            if self._random.random() < self.spoil:
                self._damage(part)
        return bytes(part)

    def _damage(self, part: bytearray) -> None:
        first = 4 + _RTP_HEADER_BYTES
        for _ in range(8):
            part[self._random.randrange(first, len(part))] = self._random.randrange(256)
        self.spoilt += 1


def _end(silent: threading.Event, *ends: socket.socket) -> None:
    if not silent.is_set():
        for each in ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def _parts(server: socket.socket) -> Iterator[bytearray]:
    """Yield interleaved packets, and between them what RTSP says, in pieces."""
    with server.makefile("rb", 65536) as file:
        while first := file.read(1):
            if first[0] == _INTERLEAVED:
                head = file.read(3)
                yield bytearray(first + head + file.read(int.from_bytes(head[1:], "big")))
            else:
                head = first
                while not head.endswith(b"\r\n\r\n"):
                    if not (line := file.readline()):
                        raise EOFError
                    head += line
                length = next(
                    (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                     if line.startswith(b"content-length:")), 0
                )  # fmt: skip
                yield bytearray(head + file.read(length))
