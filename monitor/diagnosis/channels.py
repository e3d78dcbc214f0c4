"""Each alert channel of the settings: is all there that it needs, and does the other side answer."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from monitor.alerts.arming import Arming
from monitor.alerts.broker import Address, Broker
from monitor.alerts.build import Surroundings, channel_of, sections_of, zone_of
from monitor.alerts.channel import DeliveryError
from monitor.alerts.servers import servers_of
from monitor.clock import SystemClock
from monitor.diagnosis.asking import Question
from monitor.health.check import Check, State
from monitor.health.network import REACH_S, fault_of
from monitor.settings import Settings, channels
from monitor.settings.alerts import Alerts
from monitor.settings.declare import Section
from monitor.settings.secrets import Secret, read_secret

_LIMIT_S = 20.0

_STEP = "correct what the settings name, or mend it; then try it: monitor doctor --alert "


def channel_questions(settings: Settings) -> list[Question]:
    """Return a question for each channel that is enabled; none of them sends anything."""
    return [
        Question(
            f"alert {name}",
            partial(_check, name, section, settings.alerts),
            _LIMIT_S,
            True,
        )
        for name, section in sections_of(settings.alerts)
        if getattr(section, "enabled", True)
    ]


def _check(name: str, section: Section, given: Alerts) -> Check:
    """Return whether a channel would work; raises `UsageError` or `MissingPackageError` for what it lacks."""
    clock, zone = SystemClock(), zone_of(given)
    around = Surroundings(clock, Arming(clock, zone), zone, os.environ, is_trial=True)
    channel_of(name, section, given, around).close()
    found = list(_places(name, section))
    faults = [f"{place}: {fault}" for place, fault in found if fault]
    if faults:
        return Check(f"alert {name}", State.PROBLEM, "; ".join(faults), _STEP + name)
    return Check(
        f"alert {name}", State.OK, ", ".join(place for place, _ in found) or "its server is not known"
    )


def _places(name: str, section: Section) -> Iterator[tuple[str, str | None]]:
    """Yield what the channel uses and why that cannot be used; no path of an address is shown."""
    match section:
        case channels.MqttChannel():
            yield _broker(name, section)
        case channels.WebhookChannel() | channels.HeartbeatChannel():
            url = section.url or _secret(name, section).reveal()
            ca_file = getattr(section, "ca_file", None)
            parts = urlsplit(url)
            tls = parts.scheme == "https"
            host, port = parts.hostname or "", parts.port or (443 if tls else 80)
            yield f"{host}:{port}", fault_of(host, port, tls=tls, ca_file=ca_file)
        case channels.AppriseChannel():
            for host, port in servers_of(_secret(name, section)):
                yield f"{host}:{port}", fault_of(host, port)
        case channels.CommandChannel():
            program = section.command[0]
            yield program, None if shutil.which(program) else "there is no such program, or it may not be run"
        case channels.GpioChannel():
            chips = list(Path("/dev").glob("gpiochip*"))
            open_ = [chip for chip in chips if os.access(chip, os.R_OK | os.W_OK)]
            why = "no permission: sudo usermod -aG gpio $USER" if chips else "this machine has no pins"
            yield f"pin {section.pin}", None if open_ else why


def _broker(name: str, section: channels.MqttChannel) -> tuple[str, str | None]:
    """Log in at the broker and out again."""
    password = read_secret(f"The alert channel {name}", section.password_env, section.password_file)
    port = section.port or (8883 if section.tls else 1883)
    address = Address(section.host, port, section.tls, section.ca_file, section.username, password)
    broker = Broker(address, None, on_up=lambda: None, on_message=lambda topic, text, kept: None)
    place = f"{section.host}:{port}"
    try:
        broker.start([])
        if broker.wait(REACH_S):
            return place, None
        broker.publish(f"{section.topic}/doctor", "", retain=False)  # says why there is no connection
    except DeliveryError as error:
        return place, str(error).partition(f"{place}: ")[2] or str(error)
    finally:
        broker.close()
    return place, None


def _secret(
    name: str, section: channels.AppriseChannel | channels.WebhookChannel | channels.HeartbeatChannel
) -> Secret:
    secret = read_secret(f"The alert channel {name}", section.url_env, section.url_file)
    assert secret is not None  # the channel could not have been made otherwise
    return secret
