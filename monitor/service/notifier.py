"""What a service says to systemd, by the datagrams of sd_notify(3)."""

import os
import socket
from collections.abc import Mapping


class Notifier:
    """Tells systemd that the program is ready, alive, stopping; where nobody listens it does nothing.

    May be used from any thread. No call waits or fails: a full socket must not hold the watch up.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):  # a name outside of the file system
            self._address = "\0" + self._address[1:]
        is_ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        limit = environ.get("WATCHDOG_USEC", "")
        self.watchdog_s = int(limit) / 1e6 if limit.isdecimal() and is_ours else None
        """Silence after which systemd restarts the program, None where it does not watch; `alive` should come
        at least twice in it."""

    def ready(self, status: str = "") -> None:
        """Say that the start is done and cameras are watched."""
        self._send("READY=1", *_status(status))

    def alive(self) -> None:
        """Say that the program still does its work; to be called only while that is so."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """Say in one line how it goes; `monitor service status` shows it."""
        self._send(*_status(text))

    def stopping(self) -> None:
        """Say that the end has begun, so that nobody takes it for a hang."""
        self._send("STOPPING=1")

    def _send(self, *fields: str) -> None:
        if not self._address or not fields:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.setblocking(False)
                channel.sendto("\n".join(fields).encode(), self._address)
        except OSError:
            return  # systemd is away or busy; it hears the next one


def _status(text: str) -> tuple[str, ...]:
    return (f"STATUS={' '.join(text.split())}",) if text else ()
