"""Clips play in a real browser at once, from any place in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from monitor.outputs.recording.codedfile import CodedFile
from tests.outputs.journal.given import closed_entry
from tests.outputs.recording.coded import GOP, RATE_HZ, coded
from tests.web.chromium import chromium
from tests.web.given import site
from tests.web.serving import served

COUNT = 100
KINDS = ("H.264", "H.264 with B-frames", "H.264 that a crash cut off")
CLIP = "/api/events/0000000{}-0000-4000-8000-000000000000/files/clip"

SHOWN = """
async ([path, at_s, wanted]) => {
  const video = document.createElement("video");
  video.muted = true;
  video.preload = "auto";
  const happens = (name) => new Promise((done, failed) => {
    video.addEventListener(name, done, {once: true});
    video.addEventListener("error", () => failed(new Error(video.error.message)), {once: true});
  });
  const isThere = happens("loadeddata");
  video.src = path;
  await isThere;
  const isFound = happens("seeked");
  video.currentTime = at_s;
  await isFound;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d");
  const shown = () => {
    context.drawImage(video, 0, 0);
    const row = context.getImageData(0, canvas.height / 2, canvas.width, 1).data;
    const bits = [...Array(8).keys()].map((bit) => row[4 * Math.round((bit + 0.5) * canvas.width / 8)] > 130);
    return bits.reduce((sum, isSet, bit) => sum + (isSet ? 1 << bit : 0), 0);
  };
  // A machine that is busy may need a moment from the place that is found to its picture.
  const pause = () => new Promise((go) => setTimeout(go, 20));
  for (let tries = 0; tries < 100 && shown() !== wanted; tries++) await pause();
  return {
    number: shown(),
    duration: video.duration,
  };
}
"""
"""Plays a clip from a place in it and reads the number that its picture shows."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page in a browser; its events have clips of each kind, whose pictures show their number."""
    folder = tmp_path_factory.mktemp("clips")
    for number, kind in enumerate(KINDS):
        _record(folder / f"{number}.mp4", kind)
    entries = [closed_entry(number, number, clip=f"{number}.mp4") for number in range(len(KINDS))]
    with chromium() as browser, served(site(folder, *entries)) as port:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/docs")
        yield page


@pytest.mark.parametrize("number", range(2), ids=KINDS[:2])
@pytest.mark.parametrize("shown", [0, 37, 61])
def test_a_clip_plays_from_any_picture_in_it(page: Page, number: int, shown: int) -> None:
    got: dict[str, Any] = page.evaluate(SHOWN, [CLIP.format(number), (shown + 0.5) / RATE_HZ, shown])
    assert got["number"] == shown
    assert got["duration"] == pytest.approx(COUNT / RATE_HZ, abs=1 / RATE_HZ)


def test_what_a_crash_left_of_a_clip_plays_from_its_beginning(page: Page) -> None:
    # It has no index by which a browser could find a later place.
    got: dict[str, Any] = page.evaluate(SHOWN, [CLIP.format(2), 0.5 / RATE_HZ, 0])
    assert got["number"] == 0


def _record(path: Path, kind: str) -> None:
    """Write a clip by copying; what a crash cut off lacks its last pictures and its index."""
    was_cut_off = kind == KINDS[2]
    pictures = coded("H.264" if was_cut_off else kind, COUNT)
    grown = path.with_suffix(".growing.mp4") if was_cut_off else path
    file = CodedFile(grown, pictures[0])
    for picture in pictures[: COUNT - GOP if was_cut_off else COUNT]:
        file.write(picture)
    file.sync()
    if was_cut_off:
        path.write_bytes(grown.read_bytes())
    file.close()
