"""`python -m benchmarks.reliability.live`: the live program on real RTSP streams, written into RESULTS.md."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from statistics import median
from threading import Thread
from typing import IO, Annotated, Any

import typer

from benchmarks.paths import ROOT, cache_folder, data_folder
from benchmarks.reliability.watching import camera, configure
from benchmarks.results import Cell, measured_on, table, write_sections

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"
WARM_S = 12.0
"""Programs are started, and backgrounds learnt, before measuring begins."""

_TICKS = os.sysconf("SC_CLK_TCK")

MOTION = """\
daemon off
setup_mode off
netcam_url {address}
width 1280
height 720
framerate {rate}
target_dir {folder}
movie_output on
movie_passthrough on
picture_output off
webcontrol_port 0
stream_port 0
log_level 4
"""


@dataclass(frozen=True, slots=True)
class Used:
    """What a program and all its children used; memory is resident, in 10⁶ bytes."""

    cpu_s: float
    memory_mb: float


BUSY = "vtest_pets2009"
QUIET = "cctvcamerapros_driveway"
"""A place that many people cross all the time, and a driveway by which somebody passes now and then."""


def video(name: str, height: int, rate: int, seconds: int) -> Path:
    """Return a coded view of a real place, made once: H.264 at about 4 Mbit/s, a key frame a second, no
    B-frames, as cameras send."""
    source = data_folder() / "raw" / f"{name}.mp4"
    made = cache_folder() / f"{name}-{height}p{rate}-{seconds}s.mp4"
    if not made.exists():
        width = height * 16 // 9
        scaled = f"scale={width}:{height}"
        cut = [
            "-stream_loop",
            "-1",
            "-i",
            str(source),
            "-t",
            str(seconds),
            "-an",
            "-vf",
            scaled,
            "-r",
            str(rate),
        ]
        coded = [
            "-r",
            str(rate),
            "-c:v",
            "libx264",
            "-preset",
            "fast",
            "-profile:v",
            "main",
            "-bf",
            "0",
            "-g",
            str(rate),
        ]
        subprocess.run(
            ["ffmpeg", "-v", "error", *cut, *coded, "-b:v", "4M", str(made)],
            check=True,
        )
    return made


@contextmanager
def serving(file: Path) -> Iterator[str]:
    """Serve a file by RTSP; give its address."""
    server = subprocess.Popen(
        [SYSTEM_PYTHON, HERE / "rtsp_files.py", file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        yield f"rtsp://127.0.0.1:{int(server.stdout.readline())}/cam"
    finally:
        server.kill()
        server.wait()


@contextmanager
def running(command: Sequence[str | Path], out: IO[str] | int = subprocess.DEVNULL) -> Iterator[int]:
    """Run a program; give its process id. It is asked to end, and killed after six seconds."""
    process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=out, cwd=ROOT)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(6.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tree(pid: int) -> list[int]:
    """Return a process and all that it started, and they."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def used(pid: int) -> Used:
    """Return what a program has used since its start."""
    cpu, memory = 0, 0
    for each in tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        cpu += int(fields[11]) + int(fields[12])
        memory += int(Path(f"/proc/{each}/statm").read_text().split()[1])
    return Used(cpu / _TICKS, memory * os.sysconf("SC_PAGE_SIZE") / 1e6)


def watch(*arguments: str | Path) -> list[str | Path]:
    """Return the command of the program."""
    return [sys.executable, "-m", "monitor", "watch", *arguments]


def settings(folder: Path, addresses: Sequence[str], **more: Any) -> Path:
    """Write a settings file with these cameras; JSON is YAML."""
    cameras = {f"cam{number}": {"address": address} for number, address in enumerate(addresses)}
    file = folder / "monitor.yaml"
    file.write_text(json.dumps({"cameras": cameras, **more}))
    return file


def against_motion(place: str, seconds: float) -> list[list[Cell]]:
    """Return processor time a thousand frames and memory of both programs, watching the same stream at once.

    At once, so that other work on the machine meets them alike.
    """
    with tempfile.TemporaryDirectory() as name, serving(video(place, 720, 25, 120)) as address:
        folder = Path(name)
        config = settings(folder, [address])
        (folder / "motion.conf").write_text(MOTION.format(address=address, rate=25, folder=folder))
        commands: dict[str, list[str | Path]] = {
            "monitor watch SOURCE": watch(address, "--out", folder / "one"),
            "monitor watch, supervised": watch("--config", config, "--out", folder / "two"),
        }
        if which("motion"):
            commands["motion 4.5.1"] = ["motion", "-n", "-c", folder / "motion.conf"]
        with ExitStack() as stack:
            pids = {title: stack.enter_context(running(command)) for title, command in commands.items()}
            time.sleep(WARM_S)
            before, began_s = {title: used(pid) for title, pid in pids.items()}, time.monotonic()
            time.sleep(seconds)
            after, frames = {t: used(pid) for t, pid in pids.items()}, (time.monotonic() - began_s) * 25
        rows: list[list[Cell]] = []
        for title in pids:
            cpu_s = (after[title].cpu_s - before[title].cpu_s) * 1000 / frames
            rows.append([f"{title}, {place}", cpu_s, after[title].memory_mb])
        return rows


def many(count: int, seconds: float) -> list[Cell]:
    """Return how many frames of so many 720p streams came, were analysed and were dropped."""
    with tempfile.TemporaryDirectory() as name, serving(video(QUIET, 720, 15, 120)) as address:
        folder = Path(name)
        port = 9187
        config = settings(folder, [address] * count, metrics={"port": port})
        with running(watch("--config", config, "--out", folder / "out")) as pid:
            time.sleep(2 * WARM_S)
            before, began, began_s = used(pid), numbers(port), time.monotonic()
            time.sleep(seconds)
            after, ended, lasted_s = used(pid), numbers(port), time.monotonic() - began_s
    frames, analysed, dropped = (
        ended[key] - began[key]
        for key in ("monitor_frames_total", "monitor_frames_analysed_total", "monitor_frames_dropped_total")
    )
    share = (after.cpu_s - before.cpu_s) / lasted_s
    return [f"{count} × 720p15", int(frames), f"{frames / (count * 15 * lasted_s):.1%}", int(analysed),
            int(dropped), share, after.memory_mb]  # fmt: skip


def numbers(port: int) -> dict[str, float]:
    """Return the sum over all cameras of each number that is served."""
    from urllib.request import urlopen

    sums: dict[str, float] = {}
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        for line in answer.read().decode().splitlines():
            if not line.startswith("#"):
                name = line.partition("{")[0].partition(" ")[0]
                sums[name] = sums.get(name, 0.0) + float(line.rpartition(" ")[2])
    return sums


def alert_delays(seconds: float) -> list[float]:
    """Return for each event of a stream the time from its deciding frame to the arrival of its webhook.

    The stream is the loop of the faults, in which somebody passes every five seconds.
    """
    arrivals: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            record = body.get("record", body)
            if record.get("start_time") and record.get("end_time") is None:
                from datetime import datetime

                start = datetime.fromisoformat(record["start_time"]).timestamp()
                decided = start + record["peak_s"] - record["start_s"]
                arrivals.append(time.time() - decided)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    hook = {"webhook": {"server": {"url": f"http://127.0.0.1:{server.server_port}/", "when": "opened"}}}
    with tempfile.TemporaryDirectory() as name, camera(Path(name)) as source:
        config = configure(Path(name), source.address, alerts=hook)
        with running(watch("--config", config, "--out", Path(name) / "out")):
            time.sleep(WARM_S + seconds)
    server.shutdown()
    return arrivals


def main(
    seconds: Annotated[float, typer.Option(help="How long each program is measured.")] = 40.0,
    streams: Annotated[int, typer.Option(help="How many streams at once; 0 leaves them out.")] = 16,
) -> None:
    """Measure, print and write."""
    sections = {}
    rows = [row for place in (QUIET, BUSY) for row in against_motion(place, seconds)]
    sections["One 720p25 stream, passthrough recording"] = (
        measured_on() + "\n" + table(["program", "CPU s per 1,000 frames", "memory MB"], rows, 2)
    )
    delays = sorted(alert_delays(seconds))
    sections["From the deciding frame to the webhook's arrival"] = table(
        ["events", "median ms", "longest ms"],
        [[len(delays), round(median(delays) * 1000), round(delays[-1] * 1000)]] if delays else [],
    )
    if streams:
        sections["Many streams on two cores"] = table(
            ["streams", "frames", "of those sent", "analysed", "dropped", "processors used", "memory MB"],
            [many(streams, 60.0)],
            2,
        )
    for title, body in sections.items():
        print(f"\n{title}\n{body}")
    write_sections(HERE / "RESULTS.md", "Live watching, measured", sections)


if __name__ == "__main__":
    typer.run(main)
