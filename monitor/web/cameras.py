"""The cameras of all machines: from what they say of themselves, the settings and the journal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.live.statefile import STALE_S, KnownStatus, known_statuses
from monitor.outputs.journal.lately import last_states
from monitor.web.site import Site
from monitor.web.timezone import own_timezone


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera as it is now. `state` is one of `CameraState`, or "unknown"; `since` when that began.

    `node` is the machine that watches it, `is_here` whether that is this one: only then are there pictures,
    files and `status`, which is all that its watch says of itself. `timezone` is the camera's, null where it
    is on another machine. `size_px` is width and height.
    """

    name: str
    node: str
    is_here: bool
    state: str = "unknown"
    why: str | None = None
    since: datetime | None = None
    timezone: str | None = None
    size_px: tuple[int, int] | None = None
    rate_hz: float | None = None
    recording: str | None = None
    open_events: int = 0
    status: dict[str, Any] | None = field(default=None, repr=False)


def cameras_of(site: Site, *, elsewhere: bool = True) -> list[Camera]:
    """Return all cameras by machine and name, those of this machine first.

    With `elsewhere` the journal is asked for those of others; raises `JournalError` while it is away.
    """
    here = {camera.name: camera for camera in _own(site)}
    return [*here.values(), *(_others(site, frozenset(here)) if elsewhere else ())]


def _own(site: Site) -> Iterator[Camera]:
    now = site.clock.wall()
    known = {each.status.name: each for each in known_statuses(site.folder)}
    for name in sorted({*site.settings.cameras, *known}):
        status = known.get(name)
        if status is None or status.is_stale(now):
            if name in site.settings.cameras:
                yield Camera(name, site.node, True, since=status.written if status else None)
        else:
            yield _told(site, status)


def _told(site: Site, known: KnownStatus) -> Camera:
    status = known.status
    width, height = status.width_px, status.height_px
    return Camera(
        name=status.name,
        node=site.node,
        is_here=True,
        state=status.state.value,
        why=status.why,
        since=known.since,
        timezone=own_timezone(),
        size_px=None if width is None or height is None else (width, height),
        rate_hz=status.rate_hz,
        recording=status.recording,
        open_events=status.open_events,
        status=status.to_json(),
    )


def _others(site: Site, own: frozenset[str]) -> Iterator[Camera]:
    now = site.clock.wall()
    for told in last_states(site.journal):
        is_here = told.node == site.node
        if is_here and told.source in own:
            continue
        is_stale = now - told.until > timedelta(seconds=STALE_S)
        state = "unknown" if is_stale else told.state
        since = told.until if is_stale else told.since
        yield Camera(told.source, told.node, is_here, state, None if is_stale else told.why, since)
