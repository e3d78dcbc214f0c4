"""A white square that slides over grey, with hand-made scores and events."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from monitor.analysis.scores import Box, FlowVector, Scores, State, TrackScore
from monitor.events.event import Event, EventChange, Evidence, Kind, NearMiss, Phase
from monitor.frames import Bgr, Frame, Plane
from monitor.outputs.sink import Observation

RATE_HZ = 25
WIDTH, HEIGHT, SIDE = 320, 240, 48
START_TIME = datetime(2026, 11, 21, 3, 5, 0, tzinfo=UTC)


def luma(index: int) -> Plane:
    picture = np.full((HEIGHT, WIDTH), 90, np.uint8)
    left = 2 * index % (WIDTH - SIDE)
    picture[96 : 96 + SIDE, left : left + SIDE] = 255
    return picture


def frame(index: int) -> Frame:
    plane = luma(index)

    def render() -> Bgr:
        return np.repeat(plane[:, :, None], 3, axis=2)

    time_s = index / RATE_HZ
    return Frame(index, time_s, plane, None, render, START_TIME + timedelta(seconds=time_s))


def track(index: int) -> TrackScore:
    left = 2 * index % (WIDTH - SIDE)
    box = Box(left / WIDTH, 96 / HEIGHT, SIDE / WIDTH, SIDE / HEIGHT)
    return TrackScore(
        id=3,
        box=box,
        centre=(box.x + box.width / 2, 0.5),
        area_fraction=0.03,
        peak_sigma=14.25,
        contrast=165.0,
        age_s=index / RATE_HZ,
        displacement_fraction=0.2,
        path_fraction=0.2,
        speed_per_s=0.1,
        direction_deg=0.0,
        coherence=0.91,
        outline_ratio=None,
        still_s=0.0,
        touches_border=False,
        zones=(("gate", 0.75),),
    )


def scores(index: int) -> Scores:
    return Scores(
        index=index,
        time_s=index / RATE_HZ,
        wall_time=START_TIME + timedelta(seconds=index / RATE_HZ),
        state=State.WATCHING,
        foreground_fraction=0.03,
        tracks=(track(index),),
        flow=(FlowVector(0.4, 0.5, 0.15625, 0.0),),
        kl_previous_nats=0.004,
        kl_reference_nats=None,
        gain=1.0,
        gain_spread=0.0,
        camera_move=(0.0, 0.001),
        sharpness=1.0,
        structure=None,
        mean_luma=95.0,
        luma_deviation=20.0,
        change_previous=None,
    )


def event(event_id: str = "e1", start: int = 10, end: int | None = None, peak: int = 20) -> Event:
    """An event between two frames of the scene; open without an end."""
    closed = end is not None
    return Event(
        id=event_id,
        source="scene",
        kind=Kind.MOTION,
        start_s=start / RATE_HZ,
        start_frame=start,
        peak_s=peak / RATE_HZ,
        peak_frame=peak,
        evidence=Evidence(
            opened_by="moved 0.20 of the frame (limit 0.05) at 14.2 σ (limit 4.0 σ)",
            closed_by="nothing moved for 2.0 s" if closed else None,
            peak_sigma=14.25,
            area_fraction=0.03,
            coherence=0.91,
        ),
        end_s=end / RATE_HZ if end is not None else None,
        end_frame=end,
        start_time=START_TIME + timedelta(seconds=start / RATE_HZ),
        end_time=START_TIME + timedelta(seconds=end / RATE_HZ) if end is not None else None,
        zones=("gate",),
        box=Box(0.25, 0.4, 0.15, 0.2),
        track_ids=(3,),
    )


def opened(happening: Event) -> EventChange:
    return EventChange(Phase.OPENED, happening)


def closed(happening: Event) -> EventChange:
    return EventChange(Phase.CLOSED, happening)


def near_miss() -> NearMiss:
    return NearMiss(
        source="scene",
        kind=Kind.MOTION,
        start_s=1.0,
        end_s=1.2,
        start_frame=25,
        end_frame=30,
        rule="displacement",
        reason="moved 0.01 of the frame, less than 0.05",
        box=None,
        evidence=Evidence(opened_by="peak 5.0 σ", peak_sigma=5.0),
    )


def observation(
    index: int, changes: tuple[EventChange, ...] = (), near_misses: tuple[NearMiss, ...] = ()
) -> Observation:
    """The frame with its mask and σ at half its size."""
    mask = np.where(luma(index)[::2, ::2] == 255, np.uint8(255), np.uint8(0))
    sigma = np.where(mask > 0, np.float32(14), np.float32(0.5))
    return Observation(frame(index), scores(index), mask, sigma, changes, near_misses)


def stream(count: int, changes: dict[int, EventChange]) -> Iterator[Observation]:
    """The first frames of the scene with a change on some of them."""
    for index in range(count):
        yield observation(index, (changes[index],) if index in changes else ())


def names_in(folder: Path) -> set[str]:
    """The relative names of all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
