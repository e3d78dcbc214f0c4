"""The smallest walker that is said to be found is found by a scan, and a clearly smaller one is not."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from monitor.capture.opening import Input, open_source
from monitor.capture.scene.encode import write_video
from monitor.capture.scene.scene import Scene
from monitor.errors import SourceError
from monitor.injecting.footage import Footage, by_night, recorded_footage
from monitor.injecting.search import SPEED_PER_S, Limit, limits
from monitor.injecting.walker import Walker, painted
from monitor.settings import Settings, load_settings
from tests.cli.process import run

CONTRAST = 40.0

SMALL = ("advanced.analysis.max_rate_hz=6", "advanced.analysis.max_height_px=120")
"""So that a search takes a second or two; what it finds holds for scans with these settings."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place in which nothing happens."""
    path = tmp_path_factory.mktemp("empty") / "yard.mp4"
    write_video(Scene(duration_s=14.0, rate_hz=12.5), path)
    return path


@pytest.fixture(scope="module")
def footage(empty: Path) -> Footage:
    return recorded_footage(Input(str(empty)), settings())


@pytest.fixture(scope="module")
def found(footage: Footage) -> list[Limit]:
    return list(limits(footage, settings(), contrast=CONTRAST, height=0.3))


def settings(*more: str) -> Settings:
    return load_settings(overrides=[*SMALL, *more])


def walker(height: float, *, speed_per_s: float = SPEED_PER_S, contrast: float = CONTRAST) -> Walker:
    return Walker(height, speed_per_s, contrast, 0.5, 0.5 + height / 2, 5.0, 10.0)


def with_walker(source: Path, target: Path, who: Walker) -> Path:
    """Write a recording again with somebody in it."""
    with open_source(Input(str(source))) as frames, av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "12", "g": "12"})
        stream.width, stream.height = frames.info.size
        for frame in frames:
            assert frame.chroma is not None
            luma = painted(frame.luma, who, frame.time_s, 0.0, 1)
            planes = [plane.reshape(-1) for plane in (luma, *frame.chroma)]
            stacked = np.concatenate(planes).reshape(-1, luma.shape[1])
            picture = av.VideoFrame.from_ndarray(stacked, format="yuv420p")
            picture.pts, picture.time_base = round(frame.time_s * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return target


def events_of(recording: Path, folder: Path) -> int:
    out = folder / f"out-{recording.stem}"
    options = ["--no-annotate", "--no-clips", "--jobs", 1, "--out", out, "--json", "-"]
    options += [part for key in SMALL for part in ("--set", key)]
    result = run("scan", recording, *options)
    assert result.code == 0, result.said
    return len(result.out.splitlines())


def test_a_scan_finds_the_smallest_walker_and_misses_a_clearly_smaller_one(
    empty: Path, found: list[Limit], tmp_path: Path
) -> None:
    smallest = found[0].smallest
    assert smallest is not None
    seen = with_walker(empty, tmp_path / "seen.mp4", walker(smallest))
    missed = with_walker(empty, tmp_path / "missed.mp4", walker(0.7 * smallest))
    assert (events_of(seen, tmp_path), events_of(missed, tmp_path)) == (1, 0)


def test_by_night_only_a_taller_walker_is_found(found: list[Limit]) -> None:
    day, night = found
    assert (day.light, night.light) == ("day", "night")
    assert "darkened to a mean luma of 50" in night.how
    assert day.smallest is not None
    assert night.smallest is not None
    assert night.smallest > 1.2 * day.smallest
    assert day.missed is not None


def test_the_slowest_is_slower_than_a_walk_at_ease(found: list[Limit]) -> None:
    assert found[0].slowest_per_s is not None
    assert found[0].slowest_per_s < SPEED_PER_S / 4


def test_each_zone_has_limits_of_its_own(footage: Footage) -> None:
    zones = (
        "zones.near={points: [[0.1,0.5],[0.9,0.5],[0.9,1],[0.1,1]], sensitivity: 0.3}",
        "zones.far={points: [[0.1,0.1],[0.9,0.1],[0.9,0.5],[0.1,0.5]]}",
    )
    found = limits(replace(footage, night="as it is"), settings(*zones), contrast=CONTRAST, height=0.01)
    smallest = {one.zone: one.smallest for one in found}
    assert set(smallest) == {"near", "far"}
    assert smallest["near"] is not None
    assert smallest["far"] is not None
    assert smallest["near"] > smallest["far"]


def test_footage_of_the_night_is_taken_as_it_is(footage: Footage) -> None:
    dark = by_night(footage, 40.0, 2.2, 0.7, 1)
    assert dark.mean_luma == 40.0
    assert float(np.mean([frame.luma.mean() for frame in dark.frames])) == pytest.approx(40, abs=1.5)
    recorded = replace(dark, night="as recorded: dark")
    (night,) = limits(recorded, settings(), contrast=60.0, height=0.01)
    assert (night.light, night.how, night.contrast) == ("night", "as recorded: dark", 60.0)


def test_a_walker_differs_from_what_is_behind_by_the_contrast() -> None:
    ground = np.full((240, 320), 90, np.uint8)
    picture = painted(ground, walker(0.5), 7.5, 0.0, 1)
    there = picture != ground
    body = picture[there].astype(float) - 90
    assert float(np.median(body)) == pytest.approx(CONTRAST, abs=8)
    rows = np.flatnonzero(there.any(axis=1))
    assert np.ptp(rows) == pytest.approx(0.5 * 240, rel=0.1)


def test_before_and_after_the_walk_the_picture_is_untouched() -> None:
    ground = np.full((240, 320), 90, np.uint8)
    assert painted(ground, walker(0.5), 4.9, 1.0, 1) is ground
    assert painted(ground, walker(0.5), 10.1, 1.0, 1) is ground


def test_the_same_walk_is_painted_the_same() -> None:
    ground = np.full((240, 320), 90, np.uint8)
    first, second = (painted(ground, walker(0.3), 7.0, 2.0, 1) for _ in range(2))
    assert np.array_equal(first, second)


def test_too_short_a_recording_is_told(tmp_path: Path) -> None:
    write_video(Scene(duration_s=3.0, rate_hz=10), tmp_path / "short.mp4")
    with pytest.raises(SourceError, match="gives less than 10 s"):
        recorded_footage(Input(str(tmp_path / "short.mp4")), Settings())
