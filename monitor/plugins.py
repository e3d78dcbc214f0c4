"""What other packages plug in by entry points: sources by the scheme of an address, and sinks.

A package names them in its `pyproject.toml`:

    [project.entry-points."monitor.sources"]
    ndi = "its_package:open_ndi"        # called with an address ndi://…, returns a Source
    [project.entry-points."monitor.sinks"]
    lamp = "its_package:LampSink"       # called with the settings and a source's name, returns a Sink
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from monitor.capture.source import Source
from monitor.errors import UsageError
from monitor.outputs.sink import Sink
from monitor.settings import Settings

SOURCES, SINKS = "monitor.sources", "monitor.sinks"


def source_of(address: str) -> Source | None:
    """Return the source that is plugged in for the scheme of an address, None where there is none."""
    scheme, colon, _ = address.partition("://")
    found = list(entry_points(group=SOURCES, name=scheme)) if colon else []
    return _called(found[0], address) if found else None


def sinks(settings: Settings, source: str) -> dict[str, Sink]:
    """Return all sinks that are plugged in, by name, made for one source."""
    return {point.name: _called(point, settings, source) for point in entry_points(group=SINKS)}


def _called(point: EntryPoint, *given: object) -> Any:
    try:
        made = point.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"The plug-in {point.name} ({point.value}) cannot be loaded: {error}; mend or remove its package."
        ) from error
    return made(*given)
