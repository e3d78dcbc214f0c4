"""The channels of alerts, what went through them, and trying one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query

from monitor.alerts.build import sections_of
from monitor.alerts.channel import DeliveryError
from monitor.alerts.outbox import StoredAlert
from monitor.alerts.trial import try_channel
from monitor.web.security.identity import Admin, SiteOf, Viewer

router = APIRouter(prefix="/api/alerts", tags=["alerts"])


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of the settings; `kind` is the section of `alerts` in which it is."""

    name: str
    kind: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert on its way. `next_try` counts while it waits; `last_error` says why the last try failed."""

    id: str
    channel: str
    kind: str
    source: str
    title: str | None
    event: str | None
    created: datetime
    state: Literal["waiting", "sent", "given_up"]
    attempts: int
    next_try: datetime
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Alerts:
    """All channels, and the newest alerts of this machine."""

    channels: list[Channel]
    alerts: list[Alert]


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether the test arrived, and why not."""

    arrived: bool
    error: str | None


@router.get("")
def alerts(
    site: SiteOf,
    person: Viewer,
    waiting: Annotated[bool, Query(description="Only those that are not delivered yet.")] = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Alerts:
    """Return the channels, and the newest alerts first."""
    given = site.settings.alerts
    kinds = {name: type(section).__name__ for name, section in sections_of(given)}
    channels = [
        Channel(name, kinds[name].removesuffix("Channel").lower(), getattr(section, "enabled", True))
        for name, section in sections_of(given)
    ]
    found = site.outbox.latest(limit, waiting=waiting)
    return Alerts(channels, [_alert(each) for each in found if person.may_see(each.source)])


@router.post("/{channel}/test")
def try_it(channel: Annotated[str, Path(max_length=200)], site: SiteOf, _: Admin) -> Tried:
    """Send a test through a channel, enabled or not, and wait until it has arrived or failed."""
    if channel not in dict(sections_of(site.settings.alerts)):
        raise HTTPException(404, "There is no such alert channel in the settings.")
    try:
        try_channel(site.settings.alerts, channel, site.clock)
    except DeliveryError as error:
        return Tried(False, str(error))
    return Tried(True, None)


def _alert(stored: StoredAlert) -> Alert:
    record = stored.body.get("record") or {}
    return Alert(
        id=stored.id,
        channel=stored.channel,
        kind=stored.kind,
        source=stored.source,
        title=record.get("title"),
        event=record.get("id"),
        created=stored.created,
        state=stored.state,
        attempts=stored.attempts,
        next_try=stored.next_try,
        last_error=stored.last_error,
    )
