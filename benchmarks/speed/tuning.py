"""`python -m benchmarks.speed.tuning [FILE…]`: settings judged a minute, against a scan of them."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.paths import data_folder
from monitor.capture.opening import inputs_of
from monitor.events.event import Kind
from monitor.settings import Settings
from monitor.tuning.replay import Replay
from monitor.tuning.scoring import score
from monitor.tuning.space import knobs_for, trials, with_changes

BUSY = (
    "raw/vtest_pets2009.mp4",
    "raw/traffic_camera.mp4",
    "events/car-detection.mp4",
    "events/trail_walkers.mp4",
)
"""People, cars and walkers in nearly every picture: what takes longest to judge."""

TRIED = 40


def cpu_s(run: Callable[[], object]) -> float:
    """Return the processor time of this process for a run, in seconds."""
    begun_s = time.process_time()
    run()
    return time.process_time() - begun_s


def main() -> None:
    """Measure and print."""
    files = sys.argv[1:] or [str(Path(data_folder()) / name) for name in BUSY]
    settings = Settings()
    tried = trials(settings, knobs_for([Kind.MOTION]))
    tried = tried[:: max(1, len(tried) // TRIED)]
    scan_s = judge_s = in_full_s = footage_s = 0.0
    for item in inputs_of(files):
        begun_s = time.process_time()
        scored = score(item, settings, threads=1)
        scan_s += time.process_time() - begun_s
        footage_s += scored.duration_s
        replay = Replay(scored)
        replay.told(settings)  # what is gathered once
        chosen = [with_changes(settings, changes) for changes in tried]
        judge_s += cpu_s(lambda r=replay, c=chosen: [r.told(one) for one in c])  # type: ignore[misc]
        in_full_s += cpu_s(lambda r=replay, c=chosen: [r.judge(one) for one in c])  # type: ignore[misc]
    each_s = judge_s / len(tried)
    print(f"{footage_s:.0f} s of recordings, {len(tried)} settings, processor time of one core")
    print(
        f"measured once: {scan_s:.1f} s; judged: {each_s * 1e3:.1f} ms a setting, {60 / each_s:.0f} a minute"
    )
    print(
        f"a scan takes {scan_s / each_s:.0f} times as long, "
        f"the judge over all frames {in_full_s / judge_s:.1f} times"
    )
    print(f"7.5 minutes of such recordings: {60 / each_s * footage_s / 450:.0f} settings a minute")


if __name__ == "__main__":
    main()
