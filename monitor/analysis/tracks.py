"""Regions followed from frame to frame: who is who, how far, how fast, how steadily."""

import math
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.assignment import least_pairs
from monitor.analysis.flow import NO_POINTS, Points
from monitor.analysis.measures import RegionMeasures
from monitor.analysis.regions import Region
from monitor.frames import Size

LOST_S = 1.0
"""A track that was not seen for this long has ended: long enough to pass behind a post, short enough that
two visitors are not made one."""

LEFT_S = 0.5
"""A track last seen at the border of the picture has left it; who comes in there later is somebody else."""

BORDER_PX = 2
"""A region this near to the edge of the picture may go on outside."""

_MEMORY_S = 1.0
"""Time constant over which the flow of a track is summed for direction and coherence."""

_ACTIVE_FRACTION = 0.02
"""A region with fewer changed pixels than this did not move: what is left is noise at its edges."""

_STILL_RADIUS = 0.15
"""A still thing stays within this share of its own size."""

_REACH_FRACTION = 0.15
"""Nothing travels further than this share of the diagonal between two frames and is still known again."""

_LEAP_FRACTION = 0.06
"""Small things leap less far from where they are expected: this share of the diagonal and twice their own
size. Two drops of rain are not one that flew across."""

_ALIKE_SHARE = 0.7
"""A region that lost or won more than this from one frame to the next was split or merged, not moved."""

_STRETCH_GAP_S = 0.25
"""What was out of sight for longer, or is where no part of it was, has not been seen to go there."""

_OUTLINE_SHARE = 0.6
"""A region that grows while it comes in or nearer lags behind its corners by up to this."""

_FEW_FRAMES = 2.5
"""At a low rate two pictures may be missing."""

_SIZE_WEIGHT = 0.25
"""A region of quite another size counts as a quarter of its own side further away."""

_UNREACHABLE = 1e6


@dataclass(slots=True)
class Track:
    """One region as followed so far; positions in pixels of the analysis size."""

    id: int
    born_s: float
    region: Region
    measures: RegionMeasures
    start: tuple[float, float]
    seen_s: float
    points: Points = field(default_factory=lambda: NO_POINTS)
    outline_ratio: float = 0.5
    outline_s: float = -math.inf
    see_through: float | None = None
    velocity_px_per_s: tuple[float, float] = (0.0, 0.0)
    path_px: float = 0.0
    anchor: tuple[float, float] = (0.0, 0.0)
    still_since_s: float = 0.0
    visible: bool = True
    _has_flow: bool = False
    _travelled: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    _sum: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    _length: float = 0.0

    @property
    def displacement_px(self) -> float:
        """Distance that it was seen to travel net, without a leap.

        Its corners, where it has any, and most of that its outline must have gone too: the centre jumps when
        two regions become one, and the ripples of water run through a region that stays.
        """
        outline_px = math.dist(self.start, self.region.centre)
        return min(math.hypot(*self._travelled), outline_px / _OUTLINE_SHARE)

    @property
    def coherence(self) -> float | None:
        """Length of the summed steps over the sum of their lengths; None before it made any.

        Steps of its corners, or of its centre where it has none.
        """
        if self._length <= 0:
            return None
        return math.hypot(*self._sum) / self._length

    @property
    def direction_deg(self) -> float | None:
        """Direction of the summed flow, clockwise from the right; None where it does not move."""
        if math.hypot(*self._sum) < 1.0:
            return None
        return math.degrees(math.atan2(self._sum[1], self._sum[0])) % 360.0

    def still_s(self, now_s: float) -> float:
        """Return for how long nothing in it has moved."""
        return now_s - self.still_since_s

    def take_flow(self, steps_px: Points, elapsed_s: float) -> None:
        """Add the flow vectors of one step to the memory of its motion."""
        fade = math.exp(-elapsed_s / _MEMORY_S)
        self._sum *= fade
        self._length *= fade
        self._has_flow = len(steps_px) > 0
        if self._has_flow:
            count = len(steps_px)
            length = float(np.sqrt(np.einsum("ij,ij->i", steps_px, steps_px)).sum()) / count
            self._remember(steps_px.sum(axis=0) / count, length)
            self._move(np.sort(steps_px, axis=0)[count // 2], elapsed_s)

    def take_region(self, region: Region, measures: RegionMeasures, now_s: float, elapsed_s: float) -> None:
        """Move to where it is seen now."""
        before = self.region.centre
        self.path_px += math.dist(before, region.centre)
        leaps = self._leaps_to(region, now_s, elapsed_s)
        if not self._has_flow and _is_alike(self.region, region):
            step = np.subtract(region.centre, before)
            self._remember(step, math.hypot(*step))
            self._move(step, elapsed_s)
        if leaps:
            self.start, self.path_px = region.centre, 0.0
            self._travelled[:] = 0.0
        size = math.sqrt(region.area_px)
        moved = math.dist(self.anchor, region.centre) > _STILL_RADIUS * size
        if moved or measures.active_fraction > _ACTIVE_FRACTION:
            self.still_since_s = now_s
            self.anchor = region.centre
        self.region, self.measures, self.seen_s, self.visible = region, measures, now_s, True

    def _leaps_to(self, region: Region, now_s: float, elapsed_s: float) -> bool:
        """Return whether a region is elsewhere than this track was, or was going, or was lost in between."""
        unseen_s = now_s - self.seen_s
        if unseen_s > max(_STRETCH_GAP_S, _FEW_FRAMES * elapsed_s):
            return True
        x, y, width, height = self.region.box
        dx, dy = (round(speed * unseen_s) for speed in self.velocity_px_per_s)
        expected = replace(self.region, box=(x + dx, y + dy, width, height))
        return not (_overlap_px(self.region, region) or _overlap_px(expected, region))

    def _remember(self, step_px: NDArray[np.float64] | Points, length_px: float) -> None:
        self._sum += step_px
        self._length += length_px

    def _move(self, step_px: NDArray[np.float64] | Points, elapsed_s: float) -> None:
        self._travelled += step_px
        self.velocity_px_per_s = (float(step_px[0]) / elapsed_s, float(step_px[1]) / elapsed_s)


class Tracker:
    """Gives regions the identity of the tracks that they continue."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._diagonal_px = math.hypot(*size)
        self._reach_px = _REACH_FRACTION * self._diagonal_px
        self._ids = count(1)
        self.tracks: list[Track] = []

    def update(self, regions: list[tuple[Region, RegionMeasures]], now_s: float, elapsed_s: float) -> None:
        """Assign the regions of this frame to tracks; begin and end tracks."""
        pairs = self._assign([region for region, _ in regions], now_s)
        for track in self.tracks:
            track.visible = False
        for row, column in pairs:
            self.tracks[row].take_region(*regions[column], now_s, elapsed_s)
        taken = {column for _, column in pairs}
        seen = [self.tracks[row] for row, _ in pairs]
        for column, (region, measures) in enumerate(regions):
            if column not in taken and not any(_is_part_of(region, track.region) for track in seen):
                self._begin(region, measures, now_s)
        few_frames_s = _FEW_FRAMES * elapsed_s
        self.tracks = [
            track
            for track in self.tracks
            if now_s - track.seen_s < max(self._patience_s(track), few_frames_s)
        ]

    def drop(self, track: Track) -> None:
        """End a track at once."""
        self.tracks.remove(track)

    def _patience_s(self, track: Track) -> float:
        return LEFT_S if touches_border(track.region, self._size) else LOST_S

    def _begin(self, region: Region, measures: RegionMeasures, now_s: float) -> None:
        centre = region.centre
        self.tracks.append(
            Track(
                id=next(self._ids),
                born_s=now_s,
                region=region,
                measures=measures,
                start=centre,
                seen_s=now_s,
                anchor=centre,
                still_since_s=now_s,
            )
        )

    def _assign(self, regions: list[Region], now_s: float) -> list[tuple[int, int]]:
        """Return (track, region) pairs of least total distance, none out of reach."""
        if not self.tracks or not regions:
            return []
        return least_pairs(self._distances_px(regions, now_s), _UNREACHABLE)

    def _distances_px(self, regions: list[Region], now_s: float) -> NDArray[np.float64]:
        """Return for each track and region how unlikely it is that one continues the other, in pixels.

        The distance from where the track is expected, and a penalty where the size differs.
        """
        before = [track.region for track in self.tracks]
        velocity = np.array([track.velocity_px_per_s for track in self.tracks])
        unseen_s = np.array([[now_s - track.seen_s] for track in self.tracks])
        expected = np.array([region.centre for region in before]) + velocity * unseen_s
        apart = np.linalg.norm(expected[:, None] - np.array([region.centre for region in regions]), axis=2)
        old = np.array([region.area_px for region in before])[:, None]
        new = np.array([region.area_px for region in regions])[None, :]
        unlike = 1.0 - np.minimum(old, new) / np.maximum(old, new)
        cost = apart + _SIZE_WEIGHT * np.sqrt(np.maximum(old, new)) * unlike
        reach = np.minimum(self._reach_px, self._diagonal_px * _LEAP_FRACTION + 2.0 * np.sqrt(old))
        out_of_reach = (apart > reach) & ~_overlap(before, regions)
        return np.where(out_of_reach, _UNREACHABLE, cost)


def _overlap(some: list[Region], others: list[Region]) -> NDArray[np.bool_]:
    """Return which boxes share area; bool (len(some), len(others))."""
    a = np.array([region.box for region in some])[:, None, :]
    b = np.array([region.box for region in others])[None, :, :]
    shared = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:]) > np.maximum(a[..., :2], b[..., :2])
    return np.asarray(shared.all(axis=-1))


def _is_alike(before: Region, now: Region) -> bool:
    """Return whether a region kept its size, so that its centre says how it moved."""
    smaller, larger = sorted((before.area_px, now.area_px))
    return smaller > _ALIKE_SHARE * larger


def touches_border(region: Region, size: Size) -> bool:
    """Return whether a region reaches the edge of the picture."""
    x, y, width, height = region.box
    return min(x, y, size.width - x - width, size.height - y - height) <= BORDER_PX


def _overlap_px(one: Region, other: Region) -> float:
    """Return the area that two boxes share."""
    ax, ay, aw, ah = one.box
    bx, by, bw, bh = other.box
    width = min(ax + aw, bx + bw) - max(ax, bx)
    height = min(ay + ah, by + bh) - max(ay, by)
    return float(max(0, width) * max(0, height))


def _is_part_of(region: Region, whole: Region) -> bool:
    """Return whether most of a region's box lies in another's: a leg, not a newcomer."""
    _, _, width, height = region.box
    return region.area_px < whole.area_px and _overlap_px(region, whole) > 0.5 * width * height
