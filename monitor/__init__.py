"""Live video motion and change monitor: few, true, explained events.

As a library: `analyse` an array stream, `scan` a recording, `compare` two pictures.
"""

TYPE_CHECKING = False  # as type checkers know it, without loading `typing`
if TYPE_CHECKING:
    from monitor.analysis.scores import Scores
    from monitor.capture.images import frame_of
    from monitor.capture.source import Problems, Source, SourceInfo
    from monitor.comparing.images import Comparison
    from monitor.comparing.options import Options
    from monitor.errors import MonitorError, SettingsError, SourceError, UsageError
    from monitor.events.event import Event, EventChange, Kind, NearMiss
    from monitor.frames import Frame
    from monitor.library import Moment, analyse, compare, scan
    from monitor.outputs.sink import Observation, Sink
    from monitor.settings import Settings, load_settings

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Event",
    "EventChange",
    "Frame",
    "Kind",
    "Moment",
    "MonitorError",
    "NearMiss",
    "Observation",
    "Options",
    "Problems",
    "Scores",
    "Settings",
    "SettingsError",
    "Sink",
    "Source",
    "SourceError",
    "SourceInfo",
    "UsageError",
    "analyse",
    "compare",
    "frame_of",
    "load_settings",
    "scan",
]

_HOMES = {
    "Comparison": "monitor.comparing.images",
    "Event": "monitor.events.event",
    "EventChange": "monitor.events.event",
    "Frame": "monitor.frames",
    "Kind": "monitor.events.event",
    "Moment": "monitor.library",
    "MonitorError": "monitor.errors",
    "NearMiss": "monitor.events.event",
    "Observation": "monitor.outputs.sink",
    "Options": "monitor.comparing.options",
    "Problems": "monitor.capture.source",
    "Scores": "monitor.analysis.scores",
    "Settings": "monitor.settings",
    "SettingsError": "monitor.errors",
    "Sink": "monitor.outputs.sink",
    "Source": "monitor.capture.source",
    "SourceError": "monitor.errors",
    "SourceInfo": "monitor.capture.source",
    "UsageError": "monitor.errors",
    "analyse": "monitor.library",
    "compare": "monitor.library",
    "frame_of": "monitor.capture.images",
    "load_settings": "monitor.settings",
    "scan": "monitor.library",
}


def __getattr__(name: str) -> object:
    # Loaded when first asked for: `import monitor` alone loads nothing heavy.
    if name not in _HOMES:
        raise AttributeError(f"module 'monitor' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
