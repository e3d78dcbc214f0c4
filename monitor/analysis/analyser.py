"""Frames in, scores out: the one engine behind live, archive, tuning and tests."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitor.analysis import stages
from monitor.analysis.daynight import SightWatch
from monitor.analysis.histogram import DamageWatch, KlScores
from monitor.analysis.integrity import mean_and_deviation, mean_change
from monitor.analysis.learnt import Learnt, learnt_of
from monitor.analysis.parameters import Parameters
from monitor.analysis.preprocess import Planes, analysis_size, is_flat, planes_of
from monitor.analysis.scores import Scores, State, TrackScore
from monitor.analysis.shift import NO_SHIFT, brought_back_mask, brought_back_plane, moved_map
from monitor.analysis.stages import Lap, untimed
from monitor.analysis.trackscore import flow_on_frame, track_score
from monitor.analysis.watch import SceneWatch
from monitor.analysis.watched import WatchedArea
from monitor.frames import Frame, Plane, Size

_MOST_SAMPLES = 50
"""A median of 25 to 50 pictures out of the warm-up; more cost memory and change nothing."""


class Analyser:
    """Measures one source's frames in order; not for more than one thread.

    `prime` may be called first with frames of the same place from which the model starts; without it the
    model is learnt from the first `warm_up_s`. A change of size starts anew.

    After each `update`, `mask` is the foreground mask, uint8 (h, w), 0 or 255, and `sigma_distance()` the
    distance from μ in σ, both at analysis size and valid until the next `update`.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._damage = DamageWatch(parameters.kl_threshold_nats, parameters.settle_s)
        self._frame_size: Size | None = None
        self._before: Planes | None = None
        self._resize(Size(1, 1))

    def prime(self, frames: Iterable[Frame], fewest: int = 1) -> bool:
        """Start the model from the median of these frames, so that the first update is already watching.

        Returns whether there were at least `fewest`; with less nothing is changed. Frames of another size
        than the first one's are left out, and so are those that show nothing, unless none does.
        """
        samples: list[Planes] = []
        size: Size | None = None
        for frame in frames:
            size = size or frame.size
            if frame.size == size:
                _keep(samples, planes_of(frame, self._parameters.max_height_px))
        samples = [planes for planes in samples if not is_flat(planes)] or samples
        if size is None or len(samples) < fewest:
            return False
        self._resize(size)
        self._start(samples)
        return True

    def update(self, frame: Frame, lap: Lap = untimed) -> Scores:
        """Measure the next frame; `lap` is called at the end of each stage."""
        if frame.size != self._frame_size:
            self._resize(frame.size)
        planes = planes_of(frame, self._parameters.max_height_px)
        lap(stages.SHRINK)
        before = self._before
        kl = self._damage.update(planes.small, frame.time_s, frame.damaged, self._watched.small)
        change = None if before is None or frame.damaged else mean_change(planes.luma, before.luma)
        lap(stages.HISTOGRAM)
        if self._watch is None:
            if not kl.held:
                self._gather(planes, frame.time_s)
        elif frame.damaged:
            pass  # what it shows was made up: it is compared with nothing
        elif kl.held:
            self._watch.compare(planes, before, frame.time_s, gain=1.0)
        elif self._sight.update(planes, frame.time_s):
            self._switch(self._watch, frame.time_s)
        else:
            self._watch.update(planes, before, frame.time_s, lap)
            self._give_up_if_wrong(self._watch, frame.time_s, change)
        if not frame.damaged:
            self._before = planes
        scores = self._scores(frame, planes, kl, change)
        lap(stages.DESCRIBE)
        return scores

    def set_height(self, max_height_px: int) -> None:
        """Analyse pictures of at most so many rows from now on; what was learnt is learnt anew."""
        self._parameters = replace(self._parameters, max_height_px=max_height_px)
        self._frame_size = None

    def interrupt(self) -> None:
        """Take note of a gap: the model is kept, and nothing is followed from before it to after it."""
        self._before = None
        self._damage.forget()
        if self._watch is not None:
            self._watch.interrupt()
        else:
            self._forget(self._state)

    @property
    def mask(self) -> Plane:
        """The foreground mask of the last picture."""
        if self._watch is None:
            return np.zeros((self._size.height, self._size.width), dtype=np.uint8)
        return brought_back_mask(self._watch.mask, self._watch.shift.reversed())

    def sigma_distance(self) -> NDArray[np.float32]:
        """Return the last picture's distance from μ in σ; float32 (h, w), 0 while there is no model."""
        if self._watch is None or self._before is None:
            return np.zeros((self._size.height, self._size.width), dtype=np.float32)
        shift = self._watch.shift
        distance = self._watch.model.distance(brought_back_plane(self._before.luma, shift))
        return moved_map(distance, shift)

    def learnt(self) -> Learnt | None:
        """Return what is known of the place, None while there is no model."""
        if self._watch is None:
            return None
        model = self._watch.model
        return learnt_of(model.small_mean, model.small_sigma, self._kept is not None)

    def _resize(self, size: Size) -> None:
        self._frame_size = size
        self._size = analysis_size(size, self._parameters.max_height_px)
        self._watched = WatchedArea(self._parameters.zones, self._size)
        self._before = None
        self._damage.forget()
        self._sight = SightWatch()
        self._kept: SceneWatch | None = None
        self._forget(State.WARMING_UP)

    def _forget(self, state: State) -> None:
        """Give up the model; a new one is gathered from the pictures to come."""
        self._state = state
        self._watch: SceneWatch | None = None
        self._samples: list[Planes] = []
        self._gathering_since_s: float | None = None

    def _give_up_if_wrong(self, watch: SceneWatch, time_s: float, change: float | None) -> None:
        if watch.is_wrong(time_s, change):
            self._forget(State.RELEARNING)

    def _switch(self, watch: SceneWatch, time_s: float) -> None:
        """Keep the model for when the camera sees so again, and take the one that it learnt for now."""
        kept, self._kept = self._kept, watch
        watch.rest()
        if kept is None:
            self._forget(State.RELEARNING)
        else:
            self._watch = kept

    def _gather(self, planes: Planes, time_s: float) -> None:
        """Collect pictures until they span the warm-up, then start the model."""
        if self._gathering_since_s is None:
            self._gathering_since_s = time_s
        _keep(self._samples, planes)
        if time_s - self._gathering_since_s >= self._parameters.warm_up_s:
            self._start(self._samples)

    def _start(self, samples: Sequence[Planes]) -> None:
        self._watch = SceneWatch(samples, self._parameters, self._watched)
        self._samples = []
        self._state = State.WATCHING

    def _scores(self, frame: Frame, planes: Planes, kl: KlScores, change: float | None) -> Scores:
        mean, deviation = mean_and_deviation(planes.luma)
        watch = None if kl.held else self._watch
        likeness = self._watch.likeness if self._watch else None
        light = watch.model.light if watch else None
        moved_px = self._watch.camera_move_px if self._watch and not frame.damaged else None
        return Scores(
            index=frame.index,
            time_s=frame.time_s,
            wall_time=frame.wall_time,
            state=self._state,
            foreground_fraction=watch.foreground_fraction if watch else 0.0,
            tracks=self._track_scores(watch, frame.time_s) if watch else (),
            flow=flow_on_frame(watch.flow, self._size, watch.shift) if watch else (),
            kl_previous_nats=kl.previous_nats,
            kl_reference_nats=kl.reference_nats,
            gain=light.overall if light else 1.0,
            gain_spread=light.spread if light else 0.0,
            camera_move=self._fractions(moved_px),
            sharpness=likeness.sharpness if likeness else None,
            structure=likeness.structure if likeness else None,
            layout=likeness.layout if likeness else None,
            offset=likeness.offset if likeness else None,
            steadied=watch is not None and watch.shift != NO_SHIFT,
            mean_luma=mean,
            luma_deviation=deviation,
            change_previous=change,
            corrupt=kl.held,
            accepted=kl.accepted,
        )

    def _track_scores(self, watch: SceneWatch, time_s: float) -> tuple[TrackScore, ...]:
        return tuple(
            track_score(track, time_s, self._size, watch.shift, self._watched) for track in watch.tracks
        )

    def _fractions(self, shift_px: tuple[float, float] | None) -> tuple[float, float] | None:
        if shift_px is None:
            return None
        return shift_px[0] / self._size.width, shift_px[1] / self._size.height


def _keep(samples: list[Planes], planes: Planes) -> None:
    """Add a picture to the samples; of too many every second one goes, so that they stay spread evenly."""
    samples.append(planes)
    if len(samples) > _MOST_SAMPLES:
        del samples[1::2]
