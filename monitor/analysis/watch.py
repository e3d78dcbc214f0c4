"""A scene whose model is learnt, watched from picture to picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from monitor.analysis import stages
from monitor.analysis.alignment import Alignment, aligned
from monitor.analysis.camera import camera_move_px
from monitor.analysis.follower import Follower
from monitor.analysis.foreground import SceneModel, Standing
from monitor.analysis.integrity import LearntEdges, Likeness
from monitor.analysis.measures import Compared, Pictures
from monitor.analysis.parameters import Parameters
from monitor.analysis.preprocess import Planes, shrunk
from monitor.analysis.regions import FOLLOWED_SHARE, SHOWN_SHARE, Region, believed, filled, find_regions
from monitor.analysis.scores import FlowVector
from monitor.analysis.shift import NO_SHIFT, Shift, brought_back, seen
from monitor.analysis.stages import Lap, untimed
from monitor.analysis.tracks import Track
from monitor.analysis.watched import WatchedArea
from monitor.frames import Plane, Size

_LIKENESS_INTERVAL_S = 0.4
_LIKENESS_FRACTION = 0.2
"""Sharpness and structure are looked at twice a second, and at once when this much is foreground."""

_EDGES_INTERVAL_S = 3.0
"""The model's edges change with its time constant, far slower than this."""

_DOUBTFUL_STRUCTURE = 0.6
"""With less of the learnt edges than this, somebody stands near, or it is another place."""

_WRONG_FRACTION = 0.5
_LOST_STRUCTURE = 0.3
_STEADY_LEVELS = 3.0
_SHARP = 0.5
"""The model is wrong, and not the scene, where most of the picture leaves it although the picture itself is
steady and sharp: a turned camera, an infrared switch. A covered lens is not sharp; the model waits for it."""

_GHOST_RATIO = 0.4
"""A still region whose outline lies on the model's edges rather than the picture's is a ghost."""


class SceneWatch:
    """Compares the pictures of one place with what was learnt of it.

    After `update`: `mask` is the foreground of the regions that are sure, uint8 (h, w), 0 or 255;
    `foreground_fraction` the share of all that left the model; `regions` what is followed; `likeness` the
    latest comparison of the whole picture and `camera_move_px` its shift since the frame before, None where
    there is none in common.
    """

    def __init__(self, samples: Sequence[Planes], parameters: Parameters, watched: WatchedArea) -> None:
        height, width = samples[0].luma.shape
        self._parameters = parameters
        self._watched = watched
        self._follower = Follower(Size(width, height), parameters.most_corners)
        self._alignment = Alignment()
        self._before: Planes | None = None
        self._before_s = 0.0
        self._learnt_s: float | None = None
        self._likeness_s: float | None = None
        self._wrong_since_s: float | None = None
        self._edges: LearntEdges | None = None
        self._edges_s = 0.0
        self.model = SceneModel(aligned(samples), parameters.model)
        self.mask: Plane = np.zeros((height, width), dtype=np.uint8)
        self._followed = self.mask
        self.foreground_fraction = 0.0
        self.regions: list[Region] = []
        self.camera_move_px: tuple[float, float] | None = (0.0, 0.0)
        self.likeness: Likeness | None = None

    @property
    def tracks(self) -> list[Track]:
        """The tracks that live, seen or expected."""
        return self._follower.tracks

    @property
    def flow(self) -> tuple[FlowVector, ...]:
        """The corners that were followed to this picture."""
        return self._follower.flow

    @property
    def shift(self) -> Shift:
        """Where the picture lies on the learnt place; masks, regions, tracks and flow are on the place."""
        return self._alignment.shift

    def update(self, picture: Planes, before: Planes | None, time_s: float, lap: Lap = untimed) -> None:
        """Look at the next picture, follow what moves in it, then learn from it.

        `before` is the picture before it, None if there was none; `lap` is called at the end of each stage.
        """
        planes, in_view = self._steadied(picture, time_s)
        lap(stages.ALIGN)
        mask, strong = self.model.look(planes, in_view)
        if self._watched.mask is not None:
            mask = mask & self._watched.mask
        self.foreground_fraction = cv2.countNonZero(mask) / max(1, self._watched.pixels)
        lap(stages.COMPARE)
        large = find_regions(mask, self._parameters.min_region_fraction * mask.size)
        self.regions = believed(large, strong, FOLLOWED_SHARE)
        sure = believed(self.regions, strong, SHOWN_SHARE)
        self.mask = filled(sure, mask.shape)
        self._followed = self.mask if len(sure) == len(self.regions) else filled(self.regions, mask.shape)
        lap(stages.REGIONS)
        if self._place_is_due(time_s):
            self.compare(picture, before, time_s, self.model.light.overall)
        lap(stages.PLACE)
        self._follow(planes, time_s)
        lap(stages.FOLLOW)
        if not self._is_lost():
            self._absorb(planes, time_s)
            self._learn(planes, in_view, time_s)
        lap(stages.LEARN)
        self._before, self._before_s = planes, time_s

    def _steadied(self, picture: Planes, time_s: float) -> tuple[Planes, Plane | None]:
        """Return the picture brought back to the learnt place, and what it shows of it, None for all."""
        alignment = self._alignment
        if alignment.is_due(time_s, self.foreground_fraction):
            alignment.refer(self.model.picture, time_s)
            alignment.update(picture.luma, time_s)
            # Not while something is followed, whose place would be lost; until then alignment does.
            if alignment.has_settled and not self._follower.tracks:
                self._follow_settled(picture, time_s)
        if alignment.shift == NO_SHIFT:
            return picture, None
        return brought_back(picture, alignment.shift), seen(picture.luma.shape, alignment.shift)

    def _follow_settled(self, picture: Planes, time_s: float) -> None:
        """Move the model to where the camera came to rest."""
        self.model.move(self._alignment.shift, picture)
        self._before = None
        self._edges = None
        self._alignment.forget()

    def rest(self) -> None:
        """Keep what was learnt and forget what was followed: these pictures pause, perhaps until tomorrow."""
        for track in list(self._follower.tracks):
            self._follower.drop(track)
        self._follower.rest()
        self.regions, self._before = [], None
        self._learnt_s = self._wrong_since_s = None
        self.mask = self._followed = np.zeros_like(self.mask)

    def interrupt(self) -> None:
        """Keep what was learnt, and follow nothing on: a gap lies between this picture and the next."""
        height, width = self.mask.shape
        self._follower = Follower(Size(width, height), self._parameters.most_corners)
        self._learnt_s = self._likeness_s = self._wrong_since_s = None

    def is_wrong(self, time_s: float, change: float | None) -> bool:
        """Return whether the model has been wrong about a steady, sharp picture for the warm-up's length."""
        gone = self.foreground_fraction > _WRONG_FRACTION or self._is_lost()
        sharp = self.likeness is None or self.likeness.sharpness > _SHARP
        steady = change is not None and change < _STEADY_LEVELS
        if not (gone and sharp and steady):
            self._wrong_since_s = None
            return False
        if self._wrong_since_s is None:
            self._wrong_since_s = time_s
        return time_s - self._wrong_since_s >= self._parameters.warm_up_s

    def compare(self, planes: Planes, before: Planes | None, time_s: float, gain: float) -> None:
        """Compare the picture as a whole, as it came, with the model; in doubt see if the camera moved.

        For pictures that are held back too; `gain` is the light's, 1 where it is not known.
        """
        self._likeness_s = time_s
        if self._edges is None or time_s - self._edges_s >= _EDGES_INTERVAL_S:
            self._edges = LearntEdges(self.model.small_mean)
            self._edges_s = time_s
        rows, columns = self.model.small_mean.shape
        self.likeness = self._edges.likeness(shrunk(planes.luma, Size(columns, rows)), gain)
        if self._structure() < _DOUBTFUL_STRUCTURE and before is not None:
            self.camera_move_px = camera_move_px(before.luma, planes.luma)
        else:
            self.camera_move_px = (0.0, 0.0)

    def _follow(self, planes: Planes, time_s: float) -> None:
        before, elapsed_s = self._before, time_s - self._before_s
        if not (self.regions or self._follower.tracks) or before is None:
            self._follower.rest()
            return
        model = self.model
        seen_chroma = () if planes.u is None or planes.v is None else (planes.u, planes.v)
        chroma = tuple(map(Compared, seen_chroma, model.predicted_chroma))
        pictures = Pictures(planes.luma, before.luma, model.predicted_luma, model.sigma_luma, chroma)
        self._follower.update(self.regions, pictures, time_s, elapsed_s)

    def _place_is_due(self, time_s: float) -> bool:
        """Return whether it is time to see if this is still the learnt place."""
        if self._likeness_s is None or self.foreground_fraction > _LIKENESS_FRACTION:
            return True
        doubtful = self._structure() < _DOUBTFUL_STRUCTURE
        return doubtful or time_s - self._likeness_s >= _LIKENESS_INTERVAL_S

    def _structure(self) -> float:
        """Return the share of the learnt edges that is to be seen; all of them where it is not known."""
        if self.likeness is None or self.likeness.structure is None:
            return 1.0
        return self.likeness.structure

    def _is_lost(self) -> bool:
        """Return whether the learnt place is not to be seen, not even shifted."""
        return self._structure() < _LOST_STRUCTURE and self.shift == NO_SHIFT

    def _absorb(self, planes: Planes, time_s: float) -> None:
        """Take into the background what has been still for long, and ghosts soon."""
        for track in list(self._follower.tracks):
            ghost = track.outline_ratio < _GHOST_RATIO
            limit_s = self._parameters.ghost_s if ghost else self._parameters.absorb_s
            if track.visible and track.still_s(time_s) > limit_s:
                where = filled([track.region], self.mask.shape)
                self.model.adopt(planes, where)
                self.mask, self._followed = self.mask & ~where, self._followed & ~where
                self._follower.drop(track)

    def _learn(self, planes: Planes, in_view: Plane | None, time_s: float) -> None:
        if self._learnt_s is None:
            self._learnt_s = time_s
        elapsed_s = time_s - self._learnt_s
        if elapsed_s < self._parameters.learn_interval_s:
            return
        self.model.learn(planes, Standing(self._followed, self.mask), elapsed_s, in_view)
        self._learnt_s = time_s
