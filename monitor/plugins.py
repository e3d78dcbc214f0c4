"""What other packages plug in by entry points: sources, sinks and detectors.

A package names them in its `pyproject.toml`:

    [project.entry-points."monitor.sources"]
    ndi = "its_package:open_ndi"        # called with an address ndi://…, returns a Source
    [project.entry-points."monitor.sinks"]
    lamp = "its_package:LampSink"       # called with the settings and a source's name, returns a Sink
    [project.entry-points."monitor.detectors"]
    smoke = "its_package:smoke_score"   # called with a Frame, returns a number, or None if it cannot tell

A source is found by the scheme of its address; sinks and detectors work where the settings name them, in
`plugins`. A detector may also be a class: an object of it is made for each source, and is called.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from monitor.errors import MonitorError, UsageError


class Group(StrEnum):
    """The groups of entry points."""

    SOURCES = "monitor.sources"
    SINKS = "monitor.sinks"
    DETECTORS = "monitor.detectors"

    @property
    def one(self) -> str:
        """What one of them is called."""
        return self.value.removeprefix("monitor.").removesuffix("s")


@dataclass(frozen=True, slots=True)
class Plugin:
    """One thing that is plugged in; `package` is the name and version of what brought it."""

    group: Group
    name: str
    value: str
    package: str

    def __str__(self) -> str:
        return f"the {self.group.one} {self.name} of {self.package} ({self.value})"

    def load(self) -> Any:
        """Return what the entry point names; raises `UsageError` where that cannot be had."""
        try:
            return EntryPoint(self.name, self.value, self.group).load()
        except Exception as error:
            raise UsageError(
                f"{self} cannot be loaded: {type(error).__name__}: {error}; mend or remove its package."
            ) from error


def installed(group: Group, name: str | None = None) -> list[Plugin]:
    """Return what is plugged in, sorted by name; only what has this name, if one is given."""
    points = entry_points(group=group.value)
    found = (
        Plugin(group, point.name, point.value, _package(point))
        for point in points
        if name is None or point.name == name
    )
    return sorted(found, key=lambda plugin: (plugin.name, plugin.package))


def plugin_of(group: Group, name: str) -> Plugin | None:
    """Return the first that has this name, None where there is none."""
    return next(iter(installed(group, name)), None)


def required(group: Group, name: str) -> Plugin:
    """Return the one of this name; raises `UsageError` with those that there are."""
    found = plugin_of(group, name)
    if found is None:
        raise UsageError(missing(group, name))
    return found


def missing(group: Group, name: str) -> str:
    """Return the sentence that says that nothing of this name is plugged in."""
    others = ", ".join(plugin.name for plugin in installed(group)) or "none"
    return f"no installed package brings a {group.one} called {name} (there are: {others})"


@contextmanager
def naming(plugin: Plugin, kind: type[MonitorError]) -> Iterator[None]:
    """Raise any error of a plug-in as one of this kind that names it; what it says itself stays in it."""
    try:
        yield
    except Exception as error:
        said = str(error) if isinstance(error, MonitorError) else f"{type(error).__name__}: {error}"
        raise kind(f"{plugin} failed: {said}") from error


def _package(point: EntryPoint) -> str:
    return "an unknown package" if point.dist is None else f"{point.dist.name} {point.dist.version}"
