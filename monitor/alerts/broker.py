"""A connection to an MQTT broker that is made anew for ever; paho does the work."""

import logging
import ssl
import sys
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.alerts.channel import DeliveryError
from monitor.errors import UsageError
from monitor.settings.secrets import Secret

if TYPE_CHECKING:
    from paho.mqtt.client import MQTTMessage, MQTTMessageInfo

log = logging.getLogger(__name__)

RECONNECT_S = (1.0, 30.0)
"""First and longest wait between two tries to connect; it doubles. A broker restarts within seconds."""

KEEP_ALIVE_S = 30
"""A broker that has vanished without a word is noticed after one and a half of these."""


PARTING_S = 1.0
"""For the last word; where it does not arrive the broker says the will."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the broker is and how one logs in.

    With `tls` its certificate is checked, against `ca_file` or the system's authorities.
    """

    host: str
    port: int
    tls: bool = False
    ca_file: Path | None = None
    username: str | None = None
    password: Secret | None = None

    def __str__(self) -> str:
        """Where it is, without how one logs in."""
        return f"{self.host}:{self.port}"


class Broker:
    """A client with a thread of its own. `on_up` and `on_message` are called by that thread.

    `will` is topic and payload that the broker publishes, retained, when the connection is lost; the same
    is said at the end. None says nothing.
    """

    def __init__(
        self,
        address: Address,
        will: tuple[str, str] | None,
        *,
        on_up: Callable[[], None],
        on_message: Callable[[str, str, bool], None],
        reconnect_s: tuple[float, float] = RECONNECT_S,
    ) -> None:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        self._address = address
        self._on_up = on_up
        self._on_message = on_message
        self._will = will
        self._topics: list[str] = []
        self._up = threading.Event()
        self._tried = threading.Event()
        self._why = "not connected yet"
        # One name for all connections: a broker that still holds the last one, half open, ends it with the
        # will before it takes the next. With another name the will would come afterwards, and stay.
        client = Client(CallbackAPIVersion.VERSION2, client_id=f"monitor-{uuid.uuid4().hex[:12]}")
        if will:
            client.will_set(*will, qos=1, retain=True)
        client.reconnect_delay_set(*reconnect_s)  # type: ignore[arg-type]  # fractions work as well
        if address.username:
            client.username_pw_set(address.username, address.password.reveal() if address.password else None)
        if address.tls:
            client.tls_set_context(self._tls())
        client.on_connect = self._connected
        client.on_disconnect = self._lost
        client.on_connect_fail = self._not_connected
        client.on_message = self._received
        self._client = client

    def start(self, topics: list[str]) -> None:
        """Begin to connect, without waiting, and subscribe to `topics` whenever connected."""
        self._topics = topics
        self._client.connect_async(self._address.host, self._address.port, KEEP_ALIVE_S)
        self._client.loop_start()

    def is_up(self) -> bool:
        """Return whether there is a connection."""
        return self._up.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the outcome of the first try to connect; return whether there is a connection."""
        self._tried.wait(timeout_s)
        return self.is_up()

    def publish(self, topic: str, payload: str | bytes, *, retain: bool) -> "MQTTMessageInfo":
        """Hand over a message that must arrive (QoS 1); raises `DeliveryError` while not connected."""
        from paho.mqtt.enums import MQTTErrorCode

        if not self.is_up():
            raise DeliveryError(f"{self._name}: {self._why}")
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        if info.rc == MQTTErrorCode.MQTT_ERR_NO_CONN:
            # Lost this very moment: paho keeps the message and sends it when it is connected again.
            info.rc = MQTTErrorCode.MQTT_ERR_SUCCESS
        return info

    def wait_for(self, info: "MQTTMessageInfo", timeout_s: float) -> None:
        """Wait for the broker's word that it has a message; raises `DeliveryError`."""
        try:
            info.wait_for_publish(timeout_s)
        except (RuntimeError, ValueError) as error:
            raise DeliveryError(f"{self._name}: {self._why}: {error}") from None
        if not info.is_published():
            why = f"no acknowledgement within {timeout_s:g} s" if self.is_up() else self._why
            raise DeliveryError(f"{self._name}: {why}")

    def close(self) -> None:
        """Say what the will says, if connected, and end; safe to call twice."""
        if self._will and self.is_up():
            with suppress(DeliveryError):
                topic, payload = self._will
                self.wait_for(self.publish(topic, payload, retain=True), PARTING_S)
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def _name(self) -> str:
        return f"the broker {self._address}"

    def _tls(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._address.ca_file)
        except OSError as error:
            raise UsageError(
                f"{self._address.ca_file} holds no certificate: {error.strerror or error}"
            ) from None

    def _connected(self, client: Any, userdata: Any, flags: Any, code: Any, properties: Any) -> None:
        if code.is_failure:
            self._fails(f"refused the connection: {code}")
            return
        for topic in self._topics:
            client.subscribe(topic, qos=1)
        log.info("connected to %s", self._name)
        self._up.set()
        self._tried.set()
        self._on_up()

    def _lost(self, client: Any, userdata: Any, flags: Any, code: Any, properties: Any) -> None:
        if self._up.is_set() and code.is_failure:
            self._fails(f"connection lost: {code}")
        self._up.clear()

    def _not_connected(self, client: Any, userdata: Any) -> None:
        error = sys.exc_info()[1]  # paho calls this while it handles the error, and keeps it to itself
        self._fails(f"cannot be reached: {getattr(error, 'verify_message', None) or error}")

    def _fails(self, why: str) -> None:
        if why != self._why:
            log.warning("%s %s", self._name, why)
        self._why = why
        self._tried.set()

    def _received(self, client: Any, userdata: Any, message: "MQTTMessage") -> None:
        self._on_message(message.topic, message.payload.decode("utf-8", "replace"), message.retain)
