"""A real broker, and a client that listens to it."""

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.alerts.given import LONGEST_WAIT_S, wait_until

USER, PASSWORD = "monitor", "correct horse"


class Mosquitto:
    """Mosquitto at a free port of this machine; it forgets everything when it is stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: list[str] = ["allow_anonymous true"]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def with_password(self) -> None:
        """Let in only who knows user and password."""
        file = self._folder / "passwords"
        file.touch(0o600)
        tool = shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd"
        subprocess.run([tool, "-b", str(file), USER, PASSWORD], check=True, capture_output=True)
        self._lines = ["allow_anonymous false", f"password_file {file}"]

    def with_tls(self, certificate: Path, key: Path, ca: Path) -> None:
        """Speak TLS alone."""
        self._lines += [f"certfile {certificate}", f"keyfile {key}", f"cafile {ca}"]

    def start(self) -> None:
        """Start, and return when it listens."""
        config = self._folder / "mosquitto.conf"
        # Started by root it becomes a user who may not read the test's files, unless it is told not to.
        user = ["user root"] if os.getuid() == 0 else []
        listener = [f"listener {self.port} 127.0.0.1", "persistence false"]
        config.write_text("\n".join([*user, *listener, *self._lines]) + "\n")
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        log = (self._folder / "mosquitto.log").open("ab")
        with log:
            self._process = subprocess.Popen([program, "-c", str(config)], stdout=log, stderr=log)
        assert wait_until(self._listens), (self._folder / "mosquitto.log").read_text()

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stop it in the middle of everything, its connections open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class Listener:
    """What arrived, in order: topic, payload, and whether it was retained."""

    client: Any
    got: list[tuple[str, str, bool]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def of(self, topic: str) -> list[str]:
        return [payload for found, payload, _ in self.got if found == topic]

    def wait_for(self, topic: str, count: int = 1) -> list[str]:
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.of(topic)) >= count, LONGEST_WAIT_S)
        assert came, (topic, self.got)
        return self.of(topic)

    def wait_for_last(self, topic: str, payload: str) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.of(topic)[-1:] == [payload], LONGEST_WAIT_S)

    def say(self, topic: str, payload: str, *, retain: bool = False) -> None:
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(LONGEST_WAIT_S)


@contextmanager
def listening(port: int, ca: Path | None = None) -> Iterator[Listener]:
    """A client that has subscribed to everything."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(USER, PASSWORD)
    if ca is not None:
        client.tls_set(str(ca))
    client.reconnect_delay_set(1, 1)
    listener = Listener(client)
    subscribed = threading.Event()

    def take(client: Any, data: Any, message: Any) -> None:
        with listener.changed:
            listener.got.append((message.topic, message.payload.decode("utf-8", "replace"), message.retain))
            listener.changed.notify_all()

    def subscribe(*args: Any) -> None:
        client.subscribe("#", qos=1)

    client.on_connect = subscribe
    client.on_subscribe = lambda *args: subscribed.set()
    client.on_message = take
    client.connect("localhost" if ca else "127.0.0.1", port)
    client.loop_start()
    assert subscribed.wait(LONGEST_WAIT_S)
    try:
        yield listener
    finally:
        client.disconnect()
        client.loop_stop()
