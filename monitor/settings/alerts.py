"""The settings of alerts: who is told of what, how and when; the channels are in `channels`."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.settings.channels import (
    AppriseChannel,
    CommandChannel,
    GpioChannel,
    HeartbeatChannel,
    MqttChannel,
    Spans,
    WebhookChannel,
)
from monitor.settings.declare import Section, key
from monitor.settings.weekly import ALLOWED
from monitor.settings.zone import known_zone

CHANNELS = ("apprise", "mqtt", "webhook", "command", "gpio", "heartbeat")
"""The keys of `Alerts` that hold channels by name."""

ChannelName = Annotated[str, Field(pattern=r"^[\p{L}\p{M}\p{N}_-]{1,40}$")]


def _none_means_none(channels: Any) -> Any:
    return {} if channels is None else channels


def _named(meaning: str, example: dict[str, Any]) -> Any:
    return key(
        {},
        meaning,
        allowed="names of 1 to 40 letters, digits, - and _, each with the keys below",
        examples=[example],
    )


class Alerts(Section):
    """Who is told of what, how and when. Every alert waits in the journal until it is delivered."""

    timezone: Annotated[str | None, AfterValidator(known_zone)] = key(
        None,
        "Time zone of the cameras, for quiet hours, schedules and the text of alerts; null: the machine's.",
        allowed="a name such as Europe/Vienna, or null",
    )
    armed_hours: Spans = key(
        (),
        "Times of the week in which alerts are armed, in local time; none is always. Arming or disarming by "
        "hand holds until the next of these times begins or ends.",
        allowed=ALLOWED,
    )
    give_up_s: float = key(
        172800.0,
        "Age at which an alert that could not be delivered is given up, and that is told.",
        unit="seconds",
        ge=60.0,
        le=864000.0,
    )
    apprise: Annotated[dict[ChannelName, AppriseChannel], BeforeValidator(_none_means_none)] = _named(
        "Mail, Telegram, Discord, ntfy, Pushover and the rest.",
        {"phone": {"url_env": "PHONE_URL", "kinds": ("motion", "covered", "notice")}},
    )
    mqtt: Annotated[dict[ChannelName, MqttChannel], BeforeValidator(_none_means_none)] = _named(
        "MQTT brokers, with Home Assistant's discovery.", {"home": {"host": "192.168.1.10"}}
    )
    webhook: Annotated[dict[ChannelName, WebhookChannel], BeforeValidator(_none_means_none)] = _named(
        "Addresses that get a POST of the event as JSON. Where a secret is set, X-Monitor-Signature holds "
        "v1= and, in hex, the HMAC-SHA256 of the header X-Monitor-Timestamp, a full stop and the body; "
        "refuse a timestamp that is more than 300 s from your clock.",
        {"server": {"url": "https://example.org/events", "secret_env": "WEBHOOK_SECRET"}},
    )
    command: Annotated[dict[ChannelName, CommandChannel], BeforeValidator(_none_means_none)] = _named(
        "Commands that are run.", {"script": {"command": ("/usr/local/bin/tell.sh",)}}
    )
    gpio: Annotated[dict[ChannelName, GpioChannel], BeforeValidator(_none_means_none)] = _named(
        "Lamps and relays at the pins of a Raspberry Pi.", {"lamp": {"pin": 17, "hold_s": 30.0}}
    )
    heartbeat: Annotated[dict[ChannelName, HeartbeatChannel], BeforeValidator(_none_means_none)] = _named(
        "Signs of life to a service that raises the alarm when they stay away.",
        {"watchdog": {"url_env": "WATCHDOG_URL"}},
    )

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [name for kind in CHANNELS for name in getattr(self, kind)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two channels are called {twice[0]}; rename one of them")
        return self
