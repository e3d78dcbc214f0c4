"""What Prometheus is told of all cameras: names and units follow its conventions."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from monitor import __version__
from monitor.errors import MissingPackageError, UsageError
from monitor.live.status import CameraState, CameraStatus

if TYPE_CHECKING:
    from prometheus_client.core import Metric

Statuses = Callable[[], Sequence[CameraStatus]]
"""Gives the present status of every camera; called by the threads that answer."""

_COUNTERS: Mapping[str, tuple[str, Callable[[CameraStatus], float | None]]] = {
    "frames": ("Frames that came from the camera", lambda status: status.frames),
    "frames_analysed": ("Frames that were analysed", lambda status: status.analysed),
    "frames_dropped": ("Frames dropped because the analysis was behind", lambda status: status.dropped),
    "reconnects": ("Connections to the camera after the first", lambda status: status.reconnects),
    "restarts": ("Restarts of the camera's process", lambda status: status.restarts),
    "gap_seconds": ("Time without a signal", lambda status: status.gap_s),
    "pictures_lost": ("Pictures not recorded: the disk was slow", lambda status: status.pictures_lost),
    "alerts_sent": ("Alerts that were delivered", lambda status: status.alerts_sent),
    "alerts_failed": ("Tries to deliver an alert that failed", lambda status: status.alerts_failed),
}
"""Name without `monitor_` and `_total`, meaning, value; they begin anew when a camera's process does."""

_GAUGES: Mapping[str, tuple[str, Callable[[CameraStatus], float | None]]] = {
    "frame_rate_hertz": ("Frames a second that the camera gives", lambda status: status.rate_hz),
    "last_frame_timestamp_seconds": (
        "When the last frame was taken, since 1970",
        lambda status: None if status.last_frame_wall is None else status.last_frame_wall.timestamp(),
    ),
    "delay_seconds": ("From the last frame to its judgement", lambda status: status.delay_s),
    "events_open": ("Events that are happening", lambda status: status.open_events),
    "recording": ("1 while it records, else 0", lambda status: status.recording == "on"),
    "recording_stopped": (
        "1 while it should record and cannot, else 0",
        lambda status: status.recording not in ("on", "off"),
    ),
    "journal_waiting": ("Entries that wait to be written into the journal", lambda status: status.waiting),
    "alerts_waiting": ("Alerts that wait to be delivered", lambda status: status.alerts_waiting),
    "cpu_ratio": ("Share of one processor that is used", lambda status: status.cpu_fraction),
    "memory_bytes": ("Memory of the camera's process", lambda status: status.memory_bytes),
}

_LABELLED_COUNTERS: Mapping[str, tuple[str, str, Callable[[CameraStatus], Mapping[str, float]]]] = {
    "events": ("Events that opened, by kind", "kind", lambda status: status.events),
    "near_misses": (
        "What was no event, by the rule that said so",
        "rule",
        lambda status: status.near_miss_rules,
    ),
}

_LABELLED_GAUGES: Mapping[str, tuple[str, str, Callable[[CameraStatus], Mapping[str, float]]]] = {
    "state": (
        "1 for what the camera's watch is doing, 0 for what it is not",
        "state",
        lambda status: {state.value: status.state is state for state in CameraState},
    ),
    "stage_seconds": ("Mean time of a frame in each stage", "stage", lambda status: status.stage_s),
    "output_failing": (
        "1 for an output that fails",
        "output",
        lambda status: dict.fromkeys(status.failed_outputs, 1),
    ),
}


class CameraCollector:
    """Makes the metrics anew at each scrape; what is unknown is left out."""

    def __init__(self, statuses: Statuses, folder: Path) -> None:
        self._statuses = statuses
        self._folder = folder

    def collect(self) -> Iterator["Metric"]:
        """Yield every metric, as `prometheus_client` asks for them."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

        statuses = self._statuses()
        kinds = ((CounterMetricFamily, _COUNTERS), (GaugeMetricFamily, _GAUGES))
        for family, plain in kinds:
            for name, (meaning, value_of) in plain.items():
                values = [((status.name,), value_of(status)) for status in statuses]
                yield _filled(family(f"monitor_{name}", meaning, labels=["camera"]), values)
        labelled = ((CounterMetricFamily, _LABELLED_COUNTERS), (GaugeMetricFamily, _LABELLED_GAUGES))
        for family, by_label in labelled:
            for name, (meaning, label, values_of) in by_label.items():
                parts = [((s.name, part), value) for s in statuses for part, value in values_of(s).items()]
                yield _filled(family(f"monitor_{name}", meaning, labels=["camera", label]), parts)
        with suppress(OSError):  # a disk that is away: unknown
            usage = shutil.disk_usage(self._folder)
            yield GaugeMetricFamily("monitor_disk_free_bytes", "Free on the disk of the outputs", usage.free)
            yield GaugeMetricFamily("monitor_disk_size_bytes", "Size of the disk of the outputs", usage.total)
        yield InfoMetricFamily("monitor_build", "Version of the program", {"version": __version__})


def _filled(family: Any, values: Iterable[tuple[tuple[str, ...], float | None]]) -> "Metric":
    for labels, value in values:
        if value is not None:
            family.add_metric(labels, float(value))
    filled: Metric = family
    return filled


def metrics_text(statuses: Sequence[CameraStatus], folder: Path) -> str:
    """Return all metrics in the format of Prometheus; raises `MissingPackageError`."""
    _require("/metrics")
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(CameraCollector(lambda: statuses, folder))
    return generate_latest(registry).decode()


def _require(what: str) -> None:
    if find_spec("prometheus_client") is None:
        raise MissingPackageError(
            f"{what} needs the Python package prometheus-client: pip install 'motion-change-monitor[metrics]'"
        )


class MetricsServer:
    """Serves /metrics over HTTP while entered as a context, in threads of its own; port 0 takes a free one.

    Entering raises `UsageError` where the address cannot be listened at, `MissingPackageError`.
    """

    def __init__(self, statuses: Statuses, folder: Path, *, port: int, address: str = "127.0.0.1") -> None:
        self._collector = CameraCollector(statuses, folder)
        self._address = address
        self.port = port

    def __enter__(self) -> Self:
        _require("metrics.port is set, which")
        from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server

        registry = CollectorRegistry()
        registry.register(self._collector)
        ProcessCollector(registry=registry)
        try:
            self._server, self._thread = start_http_server(self.port, self._address, registry)
        except OSError as error:
            raise UsageError(
                f"/metrics cannot be served at {self._address}:{self.port}: {error.strerror}; "
                "give another metrics.port or metrics.address"
            ) from None
        self.port = self._server.server_port
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
