"""What an alert says: one title, one text, and the pictures that go with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from monitor.alerts.kinds import NOTICE, in_words
from monitor.alerts.outbox import StoredAlert

MOST_LINES = 50
"""Alerts that a digest tells one by one; the rest is counted."""

MOST_PICTURES = 5
"""Pictures that go with a digest; mail servers and messengers refuse large messages."""


@dataclass(frozen=True, slots=True)
class Message:
    """A title of one line, a text, and pictures that exist."""

    title: str
    text: str
    pictures: tuple[Path, ...] = ()


def message_of(alerts: Sequence[StoredAlert], zone: tzinfo) -> Message:
    """Return one alert, or several as a digest, in words and in the local time of `zone`."""
    named = [Path(alert.body["snapshot"]) for alert in alerts if alert.body.get("snapshot")]
    pictures = tuple(picture for picture in named if picture.is_file())[:MOST_PICTURES]
    if len(alerts) == 1:
        return Message(_title(alerts[0]), _text(alerts[0], zone), pictures)
    sources = sorted({alert.source for alert in alerts if alert.source})
    title = f"{len(alerts)} alerts" + (f" from {', '.join(sources)}" if sources else "")
    lines = [f"{_when(alert, zone)}  {_title(alert)}" for alert in alerts[:MOST_LINES]]
    if len(alerts) > MOST_LINES:
        lines.append(f"and {len(alerts) - MOST_LINES} more")
    return Message(title, "\n".join(lines), pictures)


def payload_of(alerts: Sequence[StoredAlert]) -> Mapping[str, Any]:
    """Return the JSON for machines: the record of one alert, or all of a digest in a list."""
    if len(alerts) == 1:
        record: Mapping[str, Any] = alerts[0].body["record"]
        return record
    return {"schema": 1, "digest": [alert.body["record"] for alert in alerts]}


def _title(alert: StoredAlert) -> str:
    record = alert.body["record"]
    if alert.kind == NOTICE:
        return f"{alert.source}: {record['title']}" if alert.source else str(record["title"])
    zones = f" ({', '.join(record['zones'])})" if record.get("zones") else ""
    ended = " ended" if alert.body["phase"] == "closed" else ""
    return f"{alert.source}: {in_words(alert.kind)}{zones}{ended}"


def _text(alert: StoredAlert, zone: tzinfo) -> str:
    record = alert.body["record"]
    if alert.kind == NOTICE:
        return f"{record['message']}\n{_when(alert, zone)}"
    lines = [f"{in_words(alert.kind)} at {alert.source}, {_when(alert, zone)}."]
    if record.get("end_s") is not None:
        lines.append(f"It lasted {record['end_s'] - record['start_s']:.1f} s.")
    if record.get("zones"):
        lines.append(f"Where: {', '.join(record['zones'])}.")
    evidence = record.get("evidence") or {}
    if evidence.get("opened_by"):
        lines.append(f"Why: {evidence['opened_by']}.".replace("..", "."))
    if more := alert.body.get("more"):
        lines.append(f"{more} more of this kind were not told, for cool-down, quiet hours or disarming.")
    return "\n".join(lines)


def _when(alert: StoredAlert, zone: tzinfo) -> str:
    """Return the local time of the beginning, or of the alert itself where that is unknown."""
    start = alert.body["record"].get("start_time")
    moment = datetime.fromisoformat(start) if start else alert.created
    return f"{moment.astimezone(zone):%a %d %b %Y %H:%M:%S %Z}"
