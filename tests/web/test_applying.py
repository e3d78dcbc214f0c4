"""Who watches is asked to take up what was changed, and nobody else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.clock import SimulatedClock
from monitor.live.statefile import FILE_NAME, StatusFile, state_folder
from monitor.live.status import CameraState, CameraStatus
from monitor.web.applying import apply
from tests.outputs.journal.given import NOON
from tests.web.given import site

PATIENCE_S = 20
ASKED = 7
_WAITS = (
    f"import signal, sys; signal.signal(signal.SIGHUP, lambda *_: sys.exit({ASKED})); "
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print(flush=True); signal.pause()"
)


@contextmanager
def running(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program called with these words; it ends with `ASKED` when it is asked to read its settings anew."""
    program = subprocess.Popen([sys.executable, "-c", _WAITS, *words], stdout=subprocess.PIPE)
    assert program.stdout is not None
    with program:
        program.stdout.readline()
        yield program
        program.terminate()


def told(folder: Path, state: CameraState, process_id: int) -> None:
    """A camera's watch, of that number, has said how it is."""
    StatusFile(folder, "yard", SimulatedClock(NOON)).write(CameraStatus("yard", state))
    file = state_folder(folder, "yard") / FILE_NAME
    file.write_text(json.dumps({**json.loads(file.read_text()), "process_id": process_id}))


def test_a_watch_is_asked_also_while_its_camera_begins_anew(tmp_path: Path) -> None:
    with running("monitor", "watch") as program:
        told(tmp_path, CameraState.STOPPED, program.pid)
        assert apply(site(tmp_path))
        assert program.wait(PATIENCE_S) == ASKED


def test_another_program_that_has_its_number_by_now_is_not(tmp_path: Path) -> None:
    with running("monitor", "scan") as program:
        told(tmp_path, CameraState.WATCHING, program.pid)
        assert not apply(site(tmp_path))
    assert program.returncode == 0
