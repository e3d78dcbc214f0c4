"""A budget of processor time, held under a true quota: a quarter of a core stands in for a small machine."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.reliability.fault import MissingError, Row, judged
from benchmarks.reliability.live import QUIET, numbers, serving, used, video
from benchmarks.reliability.watching import configure, need_server, watching

QUOTA, BUDGET = 0.25, 0.12
"""A quarter of a core here watches 720p25 as set: the budget is less, so that there is something to hold."""

HEIGHT_PX, RATE_HZ, VIDEO_S = 720, 25, 120
PERIOD_US = 100_000
PORT = 9188
START_S = 120.0
"""Loading the program takes seven times as long as on a whole core, then the place is learnt."""

_GROUPS = Path("/sys/fs/cgroup/cpu")


@contextmanager
def quota(share: float) -> Iterator[Path]:
    """Give a control group (version 1) that gets this share of one core; processes are written into it."""
    group = _GROUPS / f"monitor_benchmark_{os.getpid()}"
    try:
        group.mkdir()
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(int(share * PERIOD_US)))
    except OSError as error:
        raise MissingError(f"no quota can be set: {error.strerror} ({_GROUPS})") from None
    try:
        yield group / "cgroup.procs"
    finally:
        group.rmdir()


def held(folder: Path, short: bool) -> Row:
    """Watch 720p at 25 frames/s with a quarter of a core."""
    need_server()
    lasting_s, measured_s = (20.0, 10.0) if short else (90.0, 30.0)
    with ExitStack() as stack:
        processes = stack.enter_context(quota(QUOTA))
        address = stack.enter_context(serving(video(QUIET, HEIGHT_PX, RATE_HZ, VIDEO_S)))
        config = configure(folder, address, live={"cpu_budget": f"{BUDGET:.0%}"}, metrics={"port": PORT})
        with watching(config, folder / "out", here=False) as watch:
            processes.write_text(str(watch.process.pid))
            watch.wait("event", watch.events, START_S)
            time.sleep(lasting_s)
            before, began, began_s = used(watch.process.pid), numbers(PORT), time.monotonic()
            time.sleep(measured_s)
            after, ended, lasted_s = used(watch.process.pid), numbers(PORT), time.monotonic() - began_s
            found = len(watch.events())
            told = list(dict.fromkeys(line[line.index(" of a processor") :] for line in watch.log
                                      if "is the budget" in line))  # fmt: skip
            code = watch.stop(20.0)
    share = (after.cpu_s - before.cpu_s) / lasted_s
    frames, dropped = (
        int(ended[key] - began[key]) for key in ("monitor_frames_total", "monitor_frames_dropped_total")
    )
    stated = told[-1].partition("budget: ")[2] if told else "all pictures are analysed as set"
    return judged(
        f"{HEIGHT_PX}p{RATE_HZ} H.264 with `cpu_budget: {BUDGET:.0%}` in a control group with {QUOTA:.0%} of "
        "one core, both processes of the monitor in it",
        "less is analysed, step by step; what is still found is stated; no frame is dropped then, and "
        "events are found",
        f"{share:.0%} of a core used in the last {lasted_s:.0f} s; {len(told)} steps; {stated} {frames} "
        f"frames came then, {dropped} were dropped; {found} motion events; exit code {code}",
        {
            "within the quota": share <= QUOTA,
            "stated": bool(told) or share <= BUDGET,
            "no frame dropped": dropped == 0 < frames,
            "events": found > 0,
            "ended in order": code == 0,
        },
    )
