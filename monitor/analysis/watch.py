"""A scene whose model is learnt, watched from picture to picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from monitor.analysis.camera import AT_REST, CameraWatch
from monitor.analysis.follower import Follower
from monitor.analysis.foreground import SceneModel
from monitor.analysis.integrity import Gradient, Likeness, gradient, likeness
from monitor.analysis.measures import Pictures
from monitor.analysis.parameters import Parameters
from monitor.analysis.preprocess import Planes, halved
from monitor.analysis.regions import Region, filled, find_regions
from monitor.analysis.scores import FlowVector
from monitor.analysis.tracks import Track
from monitor.analysis.watched import WatchedArea
from monitor.frames import Plane, Size

_CAMERA_FRACTION = 0.01
"""While less of the picture than this is foreground, the camera has not moved: its edges would show."""

_LIKENESS_INTERVAL_S = 0.2
_LIKENESS_FRACTION = 0.2
"""Sharpness and structure are looked at five times a second, and at once when this much is foreground."""

_WRONG_FRACTION = 0.5
_STEADY_LEVELS = 3.0
_SHARP = 0.5
"""The model is wrong, and not the scene, where most of the picture leaves it although the picture itself is
steady and sharp: a turned camera, an infrared switch. A covered lens is not sharp; the model waits for it."""

_GHOST_RATIO = 0.4
"""A still region whose outline lies on the model's edges rather than the picture's is a ghost."""


class SceneWatch:
    """Compares the pictures of one place with what was learnt of it.

    After `update`: `mask` is the foreground, uint8 (h, w), 0 or 255; `foreground_fraction` its share before
    small regions were dropped; `regions` what was found, `camera` the camera's motion, `likeness` the latest
    comparison of the whole picture.
    """

    def __init__(self, samples: Sequence[Planes], parameters: Parameters, watched: WatchedArea) -> None:
        height, width = samples[0].luma.shape
        self._parameters = parameters
        self._watched = watched
        self._camera_watch = CameraWatch()
        self._follower = Follower(Size(width, height), parameters.most_corners)
        self._before: tuple[Planes, float] | None = None
        self._learnt_s: float | None = None
        self._likeness_s: float | None = None
        self._wrong_since_s: float | None = None
        self._learnt_gradient: Gradient | None = None
        self.model = SceneModel(samples, parameters.model)
        self.mask: Plane = np.zeros((height, width), dtype=np.uint8)
        self.foreground_fraction = 0.0
        self.regions: list[Region] = []
        self.camera = AT_REST
        self.likeness: Likeness | None = None

    @property
    def tracks(self) -> list[Track]:
        """The tracks that live, seen or expected."""
        return self._follower.tracks

    @property
    def flow(self) -> tuple[FlowVector, ...]:
        """The corners that were followed to this picture."""
        return self._follower.flow

    def update(self, planes: Planes, time_s: float) -> None:
        """Look at the next picture, follow what moves in it, then learn from it."""
        mask = self.model.look(planes)
        if self._watched.mask is not None:
            mask = mask & self._watched.mask
        self.foreground_fraction = cv2.countNonZero(mask) / max(1, self._watched.pixels)
        self.regions = find_regions(mask, self._parameters.min_region_fraction * mask.size)
        self.mask = filled(self.regions, mask.shape)
        self._compare(planes, time_s)
        self._follow(planes, time_s)
        self._absorb(planes, time_s)
        self._learn(planes, time_s)
        self._before = (planes, time_s)

    def is_wrong(self, time_s: float, change: float | None) -> bool:
        """Return whether the model has been wrong about a steady, sharp picture for the warm-up's length."""
        sharp = self.likeness is None or self.likeness.sharpness > _SHARP
        steady = change is not None and change < _STEADY_LEVELS
        if self.foreground_fraction < _WRONG_FRACTION or not (sharp and steady):
            self._wrong_since_s = None
            return False
        if self._wrong_since_s is None:
            self._wrong_since_s = time_s
        return time_s - self._wrong_since_s >= self._parameters.warm_up_s

    def _compare(self, planes: Planes, time_s: float) -> None:
        recent = self._likeness_s is not None and time_s - self._likeness_s < _LIKENESS_INTERVAL_S
        if recent and self.foreground_fraction < _LIKENESS_FRACTION:
            return
        if self._learnt_gradient is None:
            self._learnt_gradient = gradient(self.model.small_mean)
        self._likeness_s = time_s
        seen = likeness(gradient(halved(planes.luma)), self._learnt_gradient)
        self.likeness = Likeness(seen.sharpness / self.model.light.overall, seen.structure)

    def _follow(self, planes: Planes, time_s: float) -> None:
        moving = self.foreground_fraction > _CAMERA_FRACTION
        if not (self.regions or self._follower.tracks or moving):
            self.camera = AT_REST
            self._follower.rest()
            return
        before_planes, before_s = self._before if self._before is not None else (planes, time_s)
        predicted = self.model.predicted_luma()
        pictures = Pictures(planes.luma, before_planes.luma, predicted, self.model.sigma_luma())
        self._follower.update(self.regions, pictures, time_s, time_s - before_s)
        self.camera = AT_REST
        if moving:
            self.camera = self._camera_watch.measure(
                before_planes.luma, planes.luma, predicted, self.mask, time_s
            )

    def _absorb(self, planes: Planes, time_s: float) -> None:
        """Take into the background what has been still for long, and ghosts soon."""
        for track in list(self._follower.tracks):
            ghost = track.measures.outline_ratio < _GHOST_RATIO
            limit_s = self._parameters.ghost_s if ghost else self._parameters.absorb_s
            if track.visible and track.still_s(time_s) > limit_s:
                where = filled([track.region], self.mask.shape)
                self.model.adopt(planes, where)
                self.mask &= ~where
                self._follower.drop(track)

    def _learn(self, planes: Planes, time_s: float) -> None:
        if self._learnt_s is None:
            self._learnt_s = time_s
        elapsed_s = time_s - self._learnt_s
        if elapsed_s < self._parameters.learn_interval_s:
            return
        self.model.learn(planes, self.mask, elapsed_s)
        self._learnt_s = time_s
        self._learnt_gradient = None
