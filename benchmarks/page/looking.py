"""A camera that is looked at: how late its pictures are in a browser, and what two hundred who look cost."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import websockets

from benchmarks.results import Cell, table
from tests.web.chromium import chromium
from tests.web.given import PASSWORD
from tests.web.journey import Yard, watched

LOOK_S = 10.0
VIEWERS = (1, 50, 200)
_PICTURE = b"P"[0]
_HEAD = ("who look", "pictures a second, median", "fewest", "camera, % of a core", "page, % of a core")

_LATE = """async ([seconds]) => {
  const socket = new WebSocket(`ws://${location.host}/api/cameras/yard/live`), late = [];
  const canvas = new OffscreenCanvas(640, 360).getContext("2d");
  let taken = null;
  socket.binaryType = "blob";
  socket.onmessage = async ({ data }) => {
    if (typeof data === "string") { taken = JSON.parse(data).wall_time ?? taken; return; }
    const mine = Date.parse(taken), picture = await createImageBitmap(data.slice(1));
    canvas.drawImage(picture, 0, 0);
    requestAnimationFrame(() => late.push(Date.now() - mine));
  };
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  socket.close();
  return late;
}"""


def measured() -> str:
    """Return the section on looking at a camera of 640 × 360 at ten pictures a second."""
    with tempfile.TemporaryDirectory() as folder, watched(Path(folder), Yard()) as (url, _):
        late_ms, cookie = _late_ms(url)
        rows = [_row(url, cookie, count) for count in VIEWERS]
    return (
        "A camera of 640 × 360 pixels with ten pictures a second. From the moment at which its process has "
        f"a picture until Chromium has drawn it: median {median(late_ms):.0f} ms, 95 % within "
        f"{quantiles(late_ms, n=20)[-1]:.0f} ms ({len(late_ms)} pictures, wall time). Several who look, for "
        f"{LOOK_S:g} s each; what they take themselves is not counted:\n\n{table(_HEAD, rows, digits=1)}"
    )


def _late_ms(url: str) -> tuple[list[float], str]:
    with chromium() as browser, browser.new_page() as page:
        page.goto(url)
        page.get_by_label("Name").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.locator(".dot.watching").wait_for(timeout=60_000)
        late_ms: list[float] = page.evaluate(_LATE, [LOOK_S])
        cookie = page.context.cookies()[0]
    return late_ms, f"{cookie.get('name')}={cookie.get('value')}"


def _row(url: str, cookie: str, count: int) -> list[Cell]:
    camera, page = _processes()
    before, began_s = [_cpu_s(each) for each in (camera, page)], time.monotonic()
    pictures = asyncio.run(_look(url, cookie, count))
    lasted_s = time.monotonic() - began_s
    used = [(_cpu_s(each) - was) / lasted_s for each, was in zip((camera, page), before, strict=True)]
    rates = [each / LOOK_S for each in pictures]
    return [count, median(rates), min(rates), 100 * used[0], 100 * used[1]]


async def _look(url: str, cookie: str, count: int) -> list[int]:
    address = url.replace("http", "ws", 1) + "api/cameras/yard/live"
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_pictures(address, cookie)) for _ in range(count)]
    return [task.result() for task in tasks]


async def _pictures(address: str, cookie: str) -> int:
    found = 0
    async with websockets.connect(address, additional_headers={"Cookie": cookie}, max_size=None) as socket:
        await socket.recv()
        try:
            async with asyncio.timeout(LOOK_S):
                async for message in socket:
                    found += isinstance(message, bytes) and message[0] == _PICTURE
        except TimeoutError:
            pass
    return found


def _processes() -> tuple[Path, Path]:
    """Return the folders in /proc of the camera's process and of the page's, which started it."""
    for child in Path("/proc").glob("[0-9]*"):
        try:
            named = (child / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"monitor.live.child" in named:
            parent = (child / "stat").read_text().rpartition(")")[2].split()[1]
            return child, Path("/proc") / parent
    raise RuntimeError("the camera's process is not to be found")


def _cpu_s(process: Path) -> float:
    """Return what a process has taken until now: fields 14 and 15 of proc(5), in hundredths of a second."""
    fields: list[Any] = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
