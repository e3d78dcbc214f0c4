"""Sinks that other packages plug in, by their names in the settings."""

from collections.abc import Callable
from functools import partial

from monitor.errors import OutputError
from monitor.events.event import EventChange, NearMiss
from monitor.outputs.sink import Observation, Sink
from monitor.plugins import Group, Plugin, naming, required
from monitor.settings import Settings


def sink_makers(settings: Settings, source: str) -> "dict[str, Callable[[], PluggedSink]]":
    """Return what makes the sinks that the settings name, for one source, by the names they go under.

    Raises `UsageError` where one is not installed.
    """
    named = [required(Group.SINKS, name) for name in settings.plugins.sinks]
    return {f"plug-in {one.name}": partial(PluggedSink, one, settings, source) for one in named}


class PluggedSink:
    """A sink of another package, made when the first picture comes; its errors name it as `OutputError`s."""

    def __init__(self, plugin: Plugin, settings: Settings, source: str) -> None:
        self._plugin = plugin
        self._given = (settings, source)
        self._sink: Sink | None = None

    @property
    def needs_sigma(self) -> bool:
        """Whether it asks for `Observation.sigma`."""
        return bool(getattr(self._sink, "needs_sigma", False))

    def take(self, observation: Observation) -> None:
        """Hand a frame on."""
        with naming(self._plugin, OutputError):
            if self._sink is None:
                self._sink = self._plugin.load()(*self._given)
            self._sink.take(observation)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Hand on what the judge closed."""
        if self._sink is not None:
            with naming(self._plugin, OutputError):
                self._sink.finish(changes, near_misses)

    def close(self) -> None:
        """Close it, if it was made; safe to call twice."""
        sink, self._sink = self._sink, None
        if sink is not None:
            with naming(self._plugin, OutputError):
                sink.close()
