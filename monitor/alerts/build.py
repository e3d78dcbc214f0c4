"""Channels as the settings say."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.alerts.apprise import Apprise
from monitor.alerts.arming import Arming
from monitor.alerts.broker import Address
from monitor.alerts.channel import Channel
from monitor.alerts.command import Command
from monitor.alerts.discovery import Topics
from monitor.alerts.gpio import Gpio
from monitor.alerts.heartbeat import Beat, Heartbeat
from monitor.alerts.mqtt import Mqtt
from monitor.alerts.outbox import OutboxStore
from monitor.alerts.policy import Policy
from monitor.alerts.reception import Reception
from monitor.alerts.retained import Retained
from monitor.alerts.service import Alerts
from monitor.alerts.webhook import Webhook
from monitor.clock import Clock
from monitor.errors import SettingsError, UsageError
from monitor.settings import channels as settings
from monitor.settings.alerts import CHANNELS
from monitor.settings.alerts import Alerts as AlertSettings
from monitor.settings.declare import Section
from monitor.settings.secrets import Secret, read_secret

ARMING_FILE = "arming.json"
"""In the output folder: what was armed and disarmed by hand."""

RETAINED_FILE = "mqtt.json"
"""In the output folder: what brokers were told to keep."""

_LOCALTIME = Path("/etc/localtime")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What channels need besides their settings.

    `sources` are the names of the cameras, `healthy` says whether the monitor does its work.
    """

    clock: Clock
    arming: Arming
    zone: tzinfo
    environ: Mapping[str, str]
    sources: Sequence[str] = ()
    healthy: Callable[[], bool] = lambda: True
    is_trial: bool = False
    retained: Retained = field(default_factory=Retained)


def alerts_of(
    given: AlertSettings,
    store: OutboxStore,
    clock: Clock,
    *,
    sources: Sequence[str],
    healthy: Callable[[], bool],
    folder: Path,
    environ: Mapping[str, str] = os.environ,
) -> tuple[Reception, Arming]:
    """Return the alerts as the settings say, not started yet, and what arms and disarms them.

    Raises `SettingsError` with a sentence for every channel that lacks something, and
    `MissingPackageError` where an extra is not installed.
    """
    zone = zone_of(given, environ)
    arming = Arming(clock, zone, given.armed_hours, folder / ARMING_FILE)
    retained = Retained(folder / RETAINED_FILE)
    around = Surroundings(clock, arming, zone, environ, sources, healthy, retained=retained)
    channels: list[tuple[Channel, Policy]] = []
    problems: list[str] = []
    for name, section in sections_of(given):
        if getattr(section, "enabled", True):
            try:
                channels.append((channel_of(name, section, given, around), _policy(section, zone)))
            except UsageError as error:
                problems.append(str(error))
    if problems:
        raise SettingsError(problems)
    return Reception(Alerts(channels, store, clock, arming, give_up_s=given.give_up_s)), arming


def sections_of(given: AlertSettings) -> Iterator[tuple[str, Section]]:
    """Yield name and settings of every channel."""
    for kind in CHANNELS:
        yield from getattr(given, kind).items()


def zone_of(given: AlertSettings, environ: Mapping[str, str] = os.environ) -> tzinfo:
    """Return the local time of the cameras; the machine's where none is set, UTC where that is unknown."""
    try:
        if name := given.timezone or environ.get("TZ", "").removeprefix(":"):
            return ZoneInfo(name)
        with _LOCALTIME.open("rb") as file:
            return ZoneInfo.from_file(file, "local")
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return UTC


def channel_of(name: str, section: Section, given: AlertSettings, around: Surroundings) -> Channel:
    """Return the channel of this name; raises `UsageError` or `MissingPackageError`."""
    match section:
        case settings.AppriseChannel():
            return Apprise(
                name,
                _needed(name, "url", section, around),
                around.zone,
                snapshot=section.snapshot,
                timeout_s=section.timeout_s,
            )
        case settings.MqttChannel():
            return _mqtt(name, section, around)
        case settings.WebhookChannel():
            return Webhook(
                name,
                Secret(section.url) if section.url else _needed(name, "url", section, around),
                _secret(name, "secret", section, around),
                around.clock.wall,
                timeout_s=section.timeout_s,
                ca_file=section.ca_file,
            )
        case settings.CommandChannel():
            hidden = {value for _, other in sections_of(given) for value in _variables(other)}
            return Command(name, section.command, timeout_s=section.timeout_s, hidden=hidden)
        case settings.GpioChannel():
            return Gpio(
                name, section.pin, around.clock, active_high=section.active_high, hold_s=section.hold_s
            )
        case settings.HeartbeatChannel():
            return Heartbeat(
                name,
                Secret(section.url) if section.url else _needed(name, "url", section, around),
                around.clock,
                around.healthy,
                method=section.method,
                interval_s=section.interval_s,
                timeout_s=section.timeout_s,
            )
        case _:
            raise TypeError(f"{type(section).__name__} is no channel")


def _mqtt(name: str, section: settings.MqttChannel, around: Surroundings) -> Mqtt:
    chosen = [source for source in around.sources if not section.sources or source in section.sources]
    return Mqtt(
        name,
        Address(
            section.host,
            section.port or (8883 if section.tls else 1883),
            tls=section.tls,
            ca_file=section.ca_file,
            username=section.username,
            password=_secret(name, "password", section, around),
        ),
        Topics(section.topic),
        chosen,
        around.arming,
        around.clock,
        discovery_prefix=section.discovery_topic if section.discovery else None,
        snapshots=section.snapshots,
        timeout_s=section.timeout_s,
        beat=Beat(section.heartbeat_s, around.healthy, around.clock) if section.heartbeat_s else None,
        retained=around.retained,
        is_trial=around.is_trial,
    )


def _policy(section: Section, zone: tzinfo) -> Policy:
    # A sign of life has no rules: no alert goes through it.
    return Policy(section if isinstance(section, settings.Channel) else settings.Channel(), zone)


def _needed(name: str, what: str, section: Section, around: Surroundings) -> Secret:
    secret = _secret(name, what, section, around)
    if secret is None:
        raise UsageError(f"The alert channel {name} needs {what}_env or {what}_file.")
    return secret


def _secret(name: str, what: str, section: Any, around: Surroundings) -> Secret | None:
    variable, file = getattr(section, f"{what}_env"), getattr(section, f"{what}_file")
    return read_secret(f"The alert channel {name}", variable, file, around.environ)


def _variables(section: Section) -> Iterator[str]:
    """Yield the names of the environment variables that hold a channel's secrets."""
    for name in type(section).model_fields:
        if name.endswith("_env") and (value := getattr(section, name)):
            yield value
