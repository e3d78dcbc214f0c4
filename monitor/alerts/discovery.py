"""What Home Assistant is told of each camera, so that its entities appear by themselves.

After https://www.home-assistant.io/integrations/mqtt/ (discovery, and the pages of each kind of entity).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from monitor import __version__
from monitor.alerts.kinds import NOTICE, WORDS

ON, OFF = "ON", "OFF"
ONLINE, OFFLINE = "online", "offline"

EVENT_TYPES = [name for kind in WORDS if kind != NOTICE for name in (str(kind), f"{kind}_ended")]
"""What an event entity may say: that a kind of event began, or ended."""


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of a monitor under `base`, and of its cameras under the base and their names."""

    base: str

    @property
    def availability(self) -> str:
        """`online` or `offline`, retained, the latter by the last will."""
        return f"{self.base}/status"

    @property
    def heartbeat(self) -> str:
        """The time of the last sign of life."""
        return f"{self.base}/heartbeat"

    @property
    def notice(self) -> str:
        """What the program has to say of itself."""
        return f"{self.base}/notice"

    def retained(self, source: str) -> list[str]:
        """Return the topics of a camera at which the broker keeps what was published last."""
        return [self.of(source, what) for what in ("motion", "problem", "armed", "snapshot")]

    def of(self, source: str, what: str) -> str:
        """Return the topic of a camera's motion, problem, event, snapshot, armed or armed/set."""
        return f"{self.base}/{slug(source)}/{what}"


def slug(name: str) -> str:
    """Return a name of ASCII letters, digits, - and _; two that differ never become the same."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    if plain == name:
        return name
    return f"{plain}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def announcements(source: str, topics: Topics, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield topic and content of what announces each entity of a camera; to be published retained."""
    node = f"{topics.base.replace('/', '_')}_{slug(source)}"
    common = {
        "availability_topic": topics.availability,
        "device": {
            "identifiers": [node],
            "name": source,
            "manufacturer": "motion-change-monitor",
            "sw_version": __version__,
        },
        "origin": {"name": "motion-change-monitor", "sw_version": __version__},
    }
    for component, what, content in _entities(source, topics):
        unique = {"unique_id": f"{node}_{what}"}
        yield f"{prefix}/{component}/{node}/{what}/config", {**content, **unique, **common}


def _entities(source: str, topics: Topics) -> Iterator[tuple[str, str, dict[str, Any]]]:
    def state(what: str) -> dict[str, Any]:
        return {"state_topic": topics.of(source, what)}

    yield "binary_sensor", "motion", {"name": "Motion", "device_class": "motion", **state("motion")}
    yield (
        "binary_sensor",
        "problem",
        {
            "name": "Camera problem",
            "device_class": "problem",
            "entity_category": "diagnostic",
            **state("problem"),
        },
    )
    yield "event", "event", {"name": "Event", "event_types": EVENT_TYPES, **state("event")}
    yield (
        "image",
        "snapshot",
        {"name": "Last event", "image_topic": topics.of(source, "snapshot"), "content_type": "image/jpeg"},
    )
    yield (
        "switch",
        "armed",
        {
            "name": "Armed",
            "icon": "mdi:shield-home",
            "command_topic": topics.of(source, "armed/set"),
            **state("armed"),
        },
    )
