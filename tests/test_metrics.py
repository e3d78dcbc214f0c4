"""/metrics, scraped over HTTP and read as Prometheus reads it."""

import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import metrics
from monitor.errors import MissingPackageError, UsageError
from monitor.live.status import CameraState, CameraStatus
from monitor.metrics import MetricsServer

parser = pytest.importorskip("prometheus_client.parser", reason="the extra metrics is not installed")

DRIVEWAY = CameraStatus(
    "driveway",
    CameraState.WATCHING,
    frames=1000,
    analysed=990,
    dropped=10,
    reconnects=2,
    rate_hz=25.0,
    last_frame_wall=datetime(2026, 11, 21, 3, 5, tzinfo=UTC),
    events={"motion": 3, "covered": 1},
    open_events=1,
    near_misses=5,
    near_miss_rules={"too small": 4, 'a "quoted" \\ rule': 1},
    gap_s=12.5,
    recording="on",
    waiting=7,
    alerts_waiting=2,
    alerts_sent=4,
    alerts_failed=1,
    failed_outputs={"clips": "the disk is full"},
    stage_s={"background": 0.002},
)
YARD = CameraStatus("yard", CameraState.BLIND, recording="the disk is full")


class Scrape:
    """What one scrape gave: values by name and labels, and the type of each metric."""

    def __init__(self, server: MetricsServer) -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=5) as answer:
            self.text = answer.read().decode()
        families = list(parser.text_string_to_metric_families(self.text))
        self.types = {family.name: family.type for family in families}
        self.values = {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.fixture
def statuses() -> list[CameraStatus]:
    return [DRIVEWAY, YARD]


@pytest.fixture
def server(tmp_path: Path, statuses: Sequence[CameraStatus]) -> Iterator[MetricsServer]:
    with MetricsServer(lambda: statuses, tmp_path, port=0) as opened:
        yield opened


@pytest.fixture(scope="module")
def scrape(tmp_path_factory: pytest.TempPathFactory) -> Scrape:
    """What one scrape tells of both cameras; to end a server takes half a second."""
    with MetricsServer(lambda: [DRIVEWAY, YARD], tmp_path_factory.mktemp("disk"), port=0) as opened:
        return Scrape(opened)


@pytest.mark.parametrize(
    ("sample", "value"),
    [
        (("monitor_frames_total", "driveway"), 1000),
        (("monitor_frames_total", "yard"), 0),
        (("monitor_frames_dropped_total", "driveway"), 10),
        (("monitor_reconnects_total", "driveway"), 2),
        (("monitor_gap_seconds_total", "driveway"), 12.5),
        (("monitor_events_total", "driveway", "motion"), 3),
        (("monitor_near_misses_total", 'a "quoted" \\ rule', "driveway"), 1),
        (("monitor_stage_seconds", "background", "driveway"), 0.002),
        (("monitor_journal_waiting", "driveway"), 7),
        (("monitor_alerts_waiting", "driveway"), 2),
        (("monitor_alerts_sent_total", "driveway"), 4),
        (("monitor_alerts_failed_total", "driveway"), 1),
        (("monitor_recording", "driveway"), 1),
        (("monitor_recording", "yard"), 0),
        (("monitor_recording_stopped", "driveway"), 0),
        (("monitor_recording_stopped", "yard"), 1),
        (("monitor_state", "driveway", "watching"), 1),
        (("monitor_state", "blind", "driveway"), 0),
        (("monitor_state", "blind", "yard"), 1),
        (("monitor_output_failing", "clips", "driveway"), 1),
        (("monitor_last_frame_timestamp_seconds", "driveway"), 1795230300.0),
    ],
)
def test_every_camera_is_counted_at_one_address(
    scrape: Scrape, sample: tuple[str, ...], value: float
) -> None:
    assert scrape.values[sample] == value


def test_what_is_unknown_is_left_out(scrape: Scrape) -> None:
    values = scrape.values
    assert ("monitor_frame_rate_hertz", "driveway") in values
    for name in ("frame_rate_hertz", "alerts_waiting", "alerts_sent_total", "last_frame_timestamp_seconds"):
        assert (f"monitor_{name}", "yard") not in values


def test_each_scrape_tells_the_present(server: MetricsServer, statuses: list[CameraStatus]) -> None:
    assert Scrape(server).values[("monitor_frames_total", "yard")] == 0
    statuses[:] = [CameraStatus("yard", frames=8)]
    values = Scrape(server).values
    assert values[("monitor_frames_total", "yard")] == 8
    assert ("monitor_frames_total", "driveway") not in values


def test_the_disk_of_the_outputs_is_told(scrape: Scrape) -> None:
    values = scrape.values
    assert 0 < values[("monitor_disk_free_bytes",)] <= values[("monitor_disk_size_bytes",)]


def test_a_disk_that_is_away_hides_nothing_else(tmp_path: Path) -> None:
    with MetricsServer(lambda: [YARD], tmp_path / "away", port=0) as server:
        values = Scrape(server).values
    assert ("monitor_disk_free_bytes",) not in values
    assert ("monitor_frames_total", "yard") in values


def test_names_follow_the_conventions(scrape: Scrape) -> None:
    """Base units, `_total` on counters alone, one prefix for all that is ours."""
    types = {name: kind for name, kind in scrape.types.items() if name.startswith("monitor_")}
    assert set(types.values()) == {"counter", "gauge"}
    assert not [name for name in types if name.rpartition("_")[2] in ("ms", "mb", "percent", "minutes")]
    assert types["monitor_build_info"] == "gauge"


def test_no_secret_and_no_reason_is_told(scrape: Scrape) -> None:
    assert "the disk is full" not in scrape.text


def test_an_address_in_use_is_told_with_the_next_step(server: MetricsServer, tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"127\.0\.0\.1:\d+: Address already in use; give another"),
        MetricsServer(list, tmp_path, port=server.port),
    ):
        pass


def test_without_the_package_the_command_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "find_spec", lambda name: None)
    with (
        pytest.raises(MissingPackageError, match=r"motion-change-monitor\[metrics\]"),
        MetricsServer(list, tmp_path, port=0),
    ):
        pass


def test_closed_it_answers_no_more(tmp_path: Path) -> None:
    with MetricsServer(list, tmp_path, port=0) as server:
        port = server.port
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5)
