"""Which channels tell of which camera, where cameras name their channels."""

from collections.abc import Mapping

from monitor.settings import Settings
from monitor.settings.alerts import CHANNELS, Alerts
from monitor.settings.channels import Channel
from monitor.settings.declare import Section

NOBODY = ("",)
"""Sources of a channel that tells of no camera: none is called so, and the program's own notices pass."""


def routed(settings: Settings) -> Alerts:
    """Return the alerts with each channel's `sources` as the cameras' own lists of channels narrow them."""
    named = {name: camera.alerts for name, camera in settings.cameras.items()}
    if all(channels is None for channels in named.values()):
        return settings.alerts
    update = {kind: _narrowed(getattr(settings.alerts, kind), named) for kind in CHANNELS}
    return settings.alerts.model_copy(update=update)


def _narrowed(
    channels: Mapping[str, Section], named: Mapping[str, tuple[str, ...] | None]
) -> dict[str, Section]:
    narrowed: dict[str, Section] = {}
    for name, channel in channels.items():
        if isinstance(channel, Channel):
            chosen = [
                camera
                for camera, own in named.items()
                if (own is None or name in own) and (not channel.sources or camera in channel.sources)
            ]
            narrowed[name] = channel.model_copy(update={"sources": tuple(chosen) or NOBODY})
        else:
            narrowed[name] = channel  # a sign of life tells of no camera
    return narrowed
