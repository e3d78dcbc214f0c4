"""kill -9 at random moments: what is on the disk, in the journal and at the receiver of alerts afterwards."""

import json
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import av
import cv2

from benchmarks.reliability.fault import FaultError, Row, judged
from benchmarks.reliability.footage import RATE_HZ, last_recorded
from benchmarks.reliability.proxy import Proxy
from benchmarks.reliability.watching import Watch, camera, configure, rows
from monitor.clock import SystemClock
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.check import LOST_AND_FOUND, Check
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.repair import Repair
from monitor.outputs.journal.schema import events, files
from tests.alerts.receiver import Receiver, receiving

RUNS, SHORT_RUNS = 100, 8
LANES = 2
"""So many run at a time: one waits for its camera while the other starts."""

LATEST_S = 6.5
"""Kills come up to so long after the first picture: in warm-up, before, in and after the first passage."""

LOST_S, BUSY_LOST_S = 1.0, 3.0
"""What may be lost. In short runs, beside other tests, the machine itself is late by more than a second; what
is not written until the end is still seen, as kills come later than that."""

NODE = "lane"


@dataclass
class Lane:
    """Runs one after the other in one output folder, and what was found after them."""

    limit_s: float
    kills: int = 0
    disorders: int = 0
    left: list[str] = field(default_factory=list)
    unplayable: list[str] = field(default_factory=list)
    lost_s: list[float] = field(default_factory=list)
    clip_lost_s: list[float] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    without_clip: list[str] = field(default_factory=list)
    kept_aside: int = 0
    looked_at: set[Path] = field(default_factory=set)
    alerts: int = 0
    unalerted: int = 0


def kill_at_random(folder: Path, short: bool) -> Row:
    """Kill the program at many moments."""
    runs, limit_s = (SHORT_RUNS, BUSY_LOST_S) if short else (RUNS, LOST_S)
    with camera(folder) as server, ThreadPoolExecutor(LANES) as pool:
        lanes = list(
            pool.map(
                lambda n: _lane(folder / f"lane{n}", server.port, runs // LANES, n, limit_s), range(LANES)
            )
        )
    return _row(lanes, limit_s)


def _row(lanes: Sequence[Lane], limit_s: float) -> Row:
    kills = sum(lane.kills for lane in lanes)
    lost_s = sorted(lost for lane in lanes for lost in lane.lost_s)
    clips_s = sorted(lost for lane in lanes for lost in lane.clip_lost_s)
    left = [each for lane in lanes for each in lane.left]
    unplayable = [each for lane in lanes for each in lane.unplayable]
    forgotten = sum(len(lane.forgotten) for lane in lanes)
    without = [each for lane in lanes for each in lane.without_clip]
    said, unalerted = sum(len(lane.said) for lane in lanes), sum(lane.unalerted for lane in lanes)
    worst_s = max((*lost_s, *clips_s), default=0.0)
    late = sum(lost > limit_s for lost in (*lost_s, *clips_s))
    found = (
        f"{kills} kills, {len(lost_s)} with recording begun and {len(clips_s)} within a clip: at most "
        f"{worst_s:.2f} s lost ({late} above {limit_s:g} s), median {lost_s[len(lost_s) // 2]:.2f} s; "
        f"{sum(lane.disorders for lane in lanes)} disorders, {len(left)} left after the repair; "
        f"{sum(len(lane.looked_at) for lane in lanes)} files, {len(unplayable)} do not play "
        f"({sum(lane.kept_aside for lane in lanes)} without a whole fragment are in lost+found); "
        f"{said} events told, {forgotten} not in the journal, {len(without)} older than {limit_s:g} s "
        f"without a clip; {sum(lane.alerts for lane in lanes)} alerts came, {unalerted} events without one"
    )
    claims = {
        "nothing left after the repair " + "; ".join(left[:2]): not left,
        "all files play " + "; ".join(unplayable[:2]): not unplayable,
        f"at most {limit_s:g} s lost": not late,
        "no event forgotten": not forgotten,
        "no event without its clip " + "; ".join(without[:2]): not without,
        "every event alerted": not unalerted,
    }
    return judged(
        f"kill -9 of all processes at {kills} random moments, up to {LATEST_S:g} s after the first picture; "
        "every second run supervised; then `check --repair` and a start anew in the same folder",
        "after the repair the journal and the disk agree, every file in its place decodes to its end, "
        f"at most {limit_s:g} s are lost, every event that was told is in the journal and alerted at least "
        "once",
        found,
        claims,
    )


def _lane(folder: Path, port: int, runs: int, seed: int, limit_s: float) -> Lane:
    folder.mkdir()
    lane, chance = Lane(limit_s), random.Random(seed)
    with Proxy(port) as proxy, receiving() as receiver:
        hook = {"webhook": {"server": {"url": receiver.url, "when": "both"}}}
        config = configure(
            folder, proxy.address, alerts=hook, recording={"continuous": True}, journal={"node": NODE}
        )
        for number in range(runs):
            watch = Watch(config, folder / "out", here=number % 2 == 0)
            _kill_one(lane, watch, proxy, chance.uniform(0.0, LATEST_S))
        _settle_alerts(lane, Watch(config, folder / "out"), receiver)
    return lane


def _kill_one(lane: Lane, watch: Watch, proxy: Proxy, after_s: float) -> None:
    before = proxy.connections
    try:
        first_s = watch.wait("picture", lambda: proxy.connections > before and proxy.arrivals)
        time.sleep(max(first_s + after_s - time.monotonic(), 0.0))
    finally:
        killed_s = watch.kill()
    lane.kills += 1
    passed_on = sum(arrival_s <= killed_s for arrival_s in list(proxy.arrivals))
    found, left = _repaired(watch.out)
    lane.disorders += found
    lane.left += left
    _look(lane, watch, passed_on, killed_s)


def _repaired(out: Path) -> tuple[int, list[str]]:
    """Return how much was not in order, and what still is not after a repair."""
    place = journal_url("", out)
    with Journal.open(place) as journal:
        clock = SystemClock()
        outcomes = list(Repair(out, journal, lambda: Journal.open(place), NODE, clock).run())
        left = Check(out, journal, NODE, clock.wall()).findings()
        return len(outcomes), [f"{finding.what.value}: {finding.subject}" for finding in left]


def _look(lane: Lane, watch: Watch, passed_on: int, killed_s: float) -> None:
    """Decode all new files; take note of what is missing in them, and in the journal."""
    last = {path: _last(lane, path) for path in _new_files(lane, watch.out)}
    recorded = [number for path, number in last.items() if "segments" in path.parts and number is not None]
    lane.lost_s.append((passed_on - max(recorded, default=-1) - 1) / RATE_HZ)
    known = {row.id for row in rows(watch.out, events)}
    clips = {row.event_id: row.path for row in rows(watch.out, files) if row.role == "clip"}
    opened = {event["id"]: event["heard_s"] for event in watch.events()}
    closed = {event["id"] for event in watch.events(phase="closed")}
    lane.said |= set(opened)
    lane.forgotten |= set(opened) - known
    for event_id, heard_s in opened.items():
        if event_id not in clips:
            if killed_s - heard_s > lane.limit_s:
                lane.without_clip.append(f"told {killed_s - heard_s:.2f} s before the kill")
        elif event_id not in closed:
            number = last.get(watch.out / clips[event_id])
            lane.clip_lost_s.append((passed_on - 1 - number) / RATE_HZ if number is not None else LATEST_S)


def _new_files(lane: Lane, out: Path) -> list[Path]:
    found = {path for path in out.rglob("*") if path.suffix in (".mp4", ".jpg")} - lane.looked_at
    lane.looked_at |= found
    return sorted(found)


def _last(lane: Lane, path: Path) -> int | None:
    """Return the number of the last picture of a video; take note of what does not play."""
    if LOST_AND_FOUND in path.parts:
        lane.kept_aside += 1
        return None
    if path.suffix == ".jpg":
        if cv2.imread(str(path)) is None:
            lane.unplayable.append(path.name)
        return None
    try:
        number = last_recorded(path)
    except av.FFmpegError as error:
        lane.unplayable.append(f"{path.name} ({error})")
        return None
    if number is None:
        lane.unplayable.append(f"{path.name} (no picture)")
    return number


def _settle_alerts(lane: Lane, watch: Watch, receiver: Receiver) -> None:
    """Start once more, so that what waits is delivered; count the events that nobody was told of."""

    def told() -> set[str]:
        with receiver.changed:
            return {
                json.loads(request.body)["id"] for request in receiver.requests if b'"id"' in request.body
            }

    try:
        with suppress(FaultError):
            watch.wait("alerts", lambda: lane.said <= told())
    finally:
        watch.stop()
    lane.alerts = len(receiver.requests)
    lane.unalerted = len(lane.said - told())
