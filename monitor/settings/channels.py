"""The settings of the channels through which alerts go, one class for each kind."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from monitor.settings.declare import Section, key
from monitor.settings.weekly import ALLOWED, parse_span

Kind = Literal[
    "motion", "light_change", "scene_change", "object_left", "object_removed", "covered", "blinded",
    "defocused", "camera_moved", "frozen", "corrupt_frame", "signal_lost", "detected", "notice",
]  # fmt: skip
"""The kinds of events, and `notice`: what the program tells of itself, as a disk that is full."""


def _spans(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        parse_span(text)
    return texts


Spans = Annotated[tuple[str, ...], AfterValidator(_spans)]
Word = Annotated[str, Field(min_length=1, max_length=1000)]
Topic = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$")]
_TOPIC = "letters, digits, - and _, in levels parted by /"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_FILE = "a file that only its owner may read (chmod 600)"


def _env(what: str) -> Any:
    return key(None, f"Name of the environment variable that holds {what}.", allowed="the name of a variable")


def _file(what: str) -> Any:
    return key(None, f"File that holds {what}.", allowed=_FILE, strict=False)


def _url() -> Any:
    return key(
        None,
        "The address, where there is no secret in it.",
        allowed="an address that begins with http:// or https://",
    )


def _cooldown(default_s: float) -> Any:
    return key(
        default_s,
        "Time after an alert in which no other of the same camera and kind is sent. Higher: fewer alerts.",
        unit="seconds",
        ge=0.0,
        le=86400.0,
    )


S = TypeVar("S", bound=Section)


class _Discreet(Section):
    """Checks what may hold a secret by mistake, without showing it."""

    @model_validator(mode="after")
    def _names_no_secret(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name.endswith("_env") and value is not None and not _VARIABLE.fullmatch(value):
                raise ValueError(
                    f"{name} must be the name of an environment variable that holds it, not the secret itself"
                )
        if url := getattr(self, "url", None):
            _check_address(url)
        return self


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("url must be an address that begins with http:// or https:// and names a host")
    if parts.username or parts.password:
        raise ValueError("url holds a name or password; keep such an address in url_env or url_file")


class Channel(_Discreet):
    """What every channel has: which alerts go through it, and when."""

    enabled: bool = key(True, "Use this channel.")
    when: Literal["opened", "closed", "both"] = key(
        "opened", "Tell of an event when it opens, when it closes, or at both."
    )
    sources: tuple[str, ...] = key((), "Names of the cameras; none is all.", allowed="a list of names")
    kinds: tuple[Kind, ...] = key(
        (),
        "Kinds of events, and notice for what the program tells of itself; none is all.",
        allowed="a list of kinds, such as [motion, covered, notice]",
    )
    zones: tuple[str, ...] = key(
        (),
        "Zones of which an event that has a place must touch one; none is anywhere.",
        allowed="a list of names",
    )
    cooldown_s: float = _cooldown(60.0)
    digest_s: float = key(
        0.0,
        "Time for which alerts are collected into one message; 0 sends each at once.",
        unit="seconds",
        ge=0.0,
        le=86400.0,
    )
    quiet_hours: Spans = key((), "Times of the week without alerts, in local time.", allowed=ALLOWED)
    quiet_action: Literal["hold", "drop"] = key(
        "hold", "hold: one message at the end of the quiet hours tells it all; drop: nothing is told."
    )
    integrity_always: bool = key(
        True,
        "Tell at once, also in quiet hours and while disarmed, when a camera is covered, blinded, moved, "
        "frozen or lost, and what the program tells of itself.",
    )


class AppriseChannel(Channel):
    """Mail, Telegram, Discord, ntfy, Pushover and the rest, by an Apprise URL."""

    url_env: str | None = _env("the Apprise URLs, separated by spaces")
    url_file: Path | None = _file("the Apprise URLs, one a line")
    snapshot: bool = key(True, "Attach the picture of the event.")
    timeout_s: float = key(
        30.0, "Longest time that sending may take before it is tried again.", unit="seconds", ge=1.0, le=300.0
    )

    @model_validator(mode="after")
    def _one_url(self) -> Self:
        return _exactly_one(self, "url_env", "url_file")


class MqttChannel(Channel):
    """A broker, with Home Assistant's discovery."""

    when: Literal["opened", "closed", "both"] = key(
        "both", "Publish an event when it opens, closes, or both."
    )
    cooldown_s: float = _cooldown(0.0)
    host: str = key(..., "Name or address of the broker.", min_length=1, max_length=255)
    port: int | None = key(
        None, "Port of the broker; by default 1883, with TLS 8883.", unit="port", ge=1, le=65535
    )
    tls: bool = key(False, "Speak TLS and check the broker's certificate.")
    ca_file: Path | None = key(
        None, "Certificate of the authority that signed the broker's.", allowed="a PEM file", strict=False
    )
    username: str | None = key(None, "Name for logging in at the broker.", min_length=1, repr=False)
    password_env: str | None = _env("the password")
    password_file: Path | None = _file("the password in its first line")
    topic: Topic = key(
        "monitor",
        "Topic above all that is published. Two monitors at one broker need two.",
        allowed=_TOPIC,
    )
    discovery: bool = key(
        True,
        "Announce every camera to Home Assistant; of one that is removed or renamed nothing stays there.",
    )
    discovery_topic: Topic = key(
        "homeassistant",
        "Topic under which Home Assistant looks for announcements.",
        allowed=_TOPIC,
    )
    snapshots: bool = key(True, "Publish the picture of each event, retained.")
    timeout_s: float = key(
        10.0, "Longest wait for the broker's word that it has a message.", unit="seconds", ge=0.5, le=300.0
    )
    heartbeat_s: float = key(
        60.0,
        "Time between two signs of life, sent while the monitor is healthy; 0 sends none.",
        unit="seconds",
        ge=0.0,
        le=86400.0,
    )

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password_env and self.password_file:
            raise ValueError("password_env and password_file both name a password; keep one of them")
        if (self.password_env or self.password_file) and not self.username:
            raise ValueError("a password is given but no username; add username")
        return self


class WebhookChannel(Channel):
    """A POST of the event as JSON, signed with HMAC-SHA256."""

    when: Literal["opened", "closed", "both"] = key("both", "Post an event when it opens, closes, or both.")
    cooldown_s: float = _cooldown(0.0)
    url: str | None = _url()
    url_env: str | None = _env("the address, where it is a secret itself")
    url_file: Path | None = _file("the address, where it is a secret itself")
    secret_env: str | None = _env("the secret that signs every POST")
    secret_file: Path | None = _file("the secret that signs every POST")
    ca_file: Path | None = key(
        None, "Certificate of the authority that signed the receiver's.", allowed="a PEM file", strict=False
    )
    timeout_s: float = key(
        10.0,
        "Longest time that a POST may take, from connecting to the answer.",
        unit="seconds",
        ge=0.5,
        le=300.0,
    )

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if self.secret_env and self.secret_file:
            raise ValueError("secret_env and secret_file both name a secret; keep one of them")
        return _exactly_one(self, "url", "url_env", "url_file")


class CommandChannel(Channel):
    """A command, run without a shell, with the event as JSON on its standard input."""

    command: tuple[Word, ...] = key(
        ...,
        "The program with its arguments; a relative one is looked for in PATH.",
        allowed="a list of texts, such as [/usr/local/bin/tell.sh, --loud]",
        min_length=1,
        max_length=100,
    )
    timeout_s: float = key(
        30.0,
        "Time after which the command and all that it started are killed.",
        unit="seconds",
        ge=0.1,
        le=3600.0,
    )


class GpioChannel(Channel):
    """A lamp, relay or buzzer at a pin of a Raspberry Pi."""

    cooldown_s: float = _cooldown(0.0)
    pin: int = key(..., "Number of the GPIO (BCM numbering).", unit="GPIO", ge=0, le=53)
    active_high: bool = key(True, "The pin is high while it is on. Off: for relay boards that close on low.")
    hold_s: float | None = key(
        None,
        "Time for which it is on after an alert; null: for as long as an event is open.",
        unit="seconds",
        ge=0.05,
        le=86400.0,
    )


class HeartbeatChannel(_Discreet):
    """A sign of life to a service that raises the alarm when it stays away."""

    enabled: bool = key(True, "Use this channel.")
    url: str | None = _url()
    url_env: str | None = _env("the address, where it is a secret itself")
    url_file: Path | None = _file("the address, where it is a secret itself")
    method: Literal["GET", "POST"] = key("GET", "How it is called.")
    interval_s: float = key(
        300.0,
        "Time between two signs of life. Higher: silence is noticed later.",
        unit="seconds",
        ge=1.0,
        le=86400.0,
    )
    timeout_s: float = key(10.0, "Longest time that a call may take.", unit="seconds", ge=0.5, le=300.0)

    @model_validator(mode="after")
    def _one_url(self) -> Self:
        return _exactly_one(self, "url", "url_env", "url_file")


def _exactly_one(section: S, *names: str) -> S:
    given = [name for name in names if getattr(section, name) is not None]
    if len(given) != 1:
        raise ValueError(f"needs exactly one of {', '.join(names)}; found {', '.join(given) or 'none'}")
    return section
