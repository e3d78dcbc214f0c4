"""What one program does for all its cameras."""

from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.events.event import Phase
from monitor.live.office import Office
from monitor.live.status import CameraStatus
from monitor.outputs.files import EventFiles
from monitor.outputs.records import event_record
from monitor.settings import Settings
from tests.alerts.given import wait_until
from tests.live.given import Told, opened


def settings_with(command: str, folder: Path) -> Settings:
    return Settings.model_validate(
        {
            "cameras": {"drive": {"address": "rtsp://drive/"}, "yard": {"address": "rtsp://yard/"}},
            "outputs": {"folder": folder},
            "alerts": {"command": {"tell": {"command": (command,), "when": "both", "cooldown_s": 0.0}}},
        }
    )


@pytest.mark.parametrize(("command", "expected"), [("true", (1, 0)), ("false", (0, 1))])
def test_the_status_of_a_camera_counts_its_own_alerts(
    command: str, expected: tuple[int, int], tmp_path: Path
) -> None:
    told = Told()
    office = Office(settings_with(command, tmp_path), told, SystemClock())
    office.start()

    def counted(name: str) -> tuple[int | None, int | None]:
        office.status(CameraStatus(name))
        return told.statuses[-1].alerts_sent, told.statuses[-1].alerts_failed

    try:
        assert counted("drive") == (0, 0)
        office.event(Phase.OPENED, event_record(opened().event, EventFiles()), None)
        assert wait_until(lambda: counted("drive") == expected)
        assert counted("yard") == (0, 0)
    finally:
        office.close()


def test_without_a_channel_the_counts_of_alerts_are_unknown(tmp_path: Path) -> None:
    told = Told()
    settings = settings_with("true", tmp_path).model_copy(update={"alerts": Settings().alerts})
    Office(settings, told, SystemClock()).status(CameraStatus("drive"))
    assert told.statuses[0].alerts_sent is None
