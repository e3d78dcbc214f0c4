"""The Motion daemon on a file: it plays it at its own pace, so only its processor time can be compared."""

import tempfile
import time
from pathlib import Path
from shutil import which

from benchmarks.process import Run
from benchmarks.reliability.live import running, used
from benchmarks.results import Cell, table
from benchmarks.speed import videos
from benchmarks.speed.programs import BARE, MONITOR, PROGRAMS

_BEGINS_S = 5.0
"""Motion opens the file and learns its background first."""

_LASTS_S = 45.0

_CONFIGURATION = """\
daemon off
setup_mode off
netcam_url file://{video}
width 1920
height 1080
framerate 25
target_dir {folder}
movie_output off
picture_output off
webcontrol_port 0
stream_port 0
log_level 4
"""


def report(minutes: float, data: Path) -> str:
    """Return the table of processor seconds a thousand frames, for all three on the busy 1080p video."""
    video = videos.coded("h264", videos.SIZE, minutes, data)
    frames = 60 * minutes * videos.RATE_HZ
    rows: list[list[Cell]] = [[name, _share(PROGRAMS[name].look(video), frames)] for name in (BARE, MONITOR)]
    rows.append(["motion 4.5.1 (no files written)", _motion(video) if which("motion") else None])
    return table(("program", "CPU s per 1,000 frames"), rows, digits=2)


def _share(run: Run, frames: float) -> float:
    return 1000 * run.cpu_s / frames


def _motion(video: Path) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configuration = folder / "motion.conf"
        configuration.write_text(_CONFIGURATION.format(video=video, folder=folder))
        with running(["motion", "-n", "-c", configuration]) as pid:
            time.sleep(_BEGINS_S)
            before, began_s = used(pid), time.monotonic()
            time.sleep(_LASTS_S)
            cpu_s = used(pid).cpu_s - before.cpu_s
            return 1000 * cpu_s / ((time.monotonic() - began_s) * videos.RATE_HZ)
