"""Tracks with the flow inside them: each track keeps a few corners of its own and follows them."""

import numpy as np

from monitor.analysis.flow import NO_POINTS, Points, corners, follow
from monitor.analysis.measures import Pictures, measure, outline_ratio, see_through
from monitor.analysis.regions import Region
from monitor.analysis.scores import FlowVector
from monitor.analysis.tracks import Track, Tracker
from monitor.frames import Plane, Size

_MOST_REGIONS = 8
"""More things than this at a time are weather or a crowd; the largest are followed."""

_CORNERS_A_TRACK = 6
"""Enough for a median, few enough that twenty tracks cost no more than decoding a frame."""

_OUTLINE_INTERVAL_S = 0.25
"""What tells an object from a ghost changes slowly and is looked at four times a second."""

_FEW_CORNERS = 3
_SEEK_INTERVAL_S = 0.25
"""Corners are sought in a track that has few, but not on every frame: seeking costs more than following."""


class Follower:
    """Follows the regions of one scene through time."""

    def __init__(self, size: Size, most_corners: int) -> None:
        self._tracker = Tracker(size)
        self._most_corners = most_corners
        self._sought_s: dict[int, float] = {}
        self._size = size
        self.flow: tuple[FlowVector, ...] = ()

    @property
    def tracks(self) -> list[Track]:
        """The tracks that live, seen or expected."""
        return self._tracker.tracks

    def update(
        self,
        regions: list[Region],
        pictures: Pictures,
        time_s: float,
        elapsed_s: float,
    ) -> None:
        """Follow the corners of all tracks in one call, then give each region its track.

        `elapsed_s` is the time since the frame before.
        """
        self._follow_corners(pictures.before, pictures.luma, elapsed_s)
        measured = [(region, measure(region, pictures)) for region in regions[:_MOST_REGIONS]]
        self._tracker.update(measured, time_s, elapsed_s)
        for track in self._tracker.tracks:
            if track.visible:
                self._renew_corners(track, pictures.luma, time_s)
                self._renew_outline(track, pictures, time_s)
        living = {track.id for track in self._tracker.tracks}
        self._sought_s = {id_: at for id_, at in self._sought_s.items() if id_ in living}

    def rest(self) -> None:
        """Note that nothing moves in this picture."""
        self.flow = ()

    def drop(self, track: Track) -> None:
        """End a track whose region was taken into the background."""
        self._tracker.drop(track)

    def _follow_corners(self, before: Plane, now: Plane, elapsed_s: float) -> None:
        tracks = self._tracker.tracks
        start = np.concatenate([NO_POINTS, *(track.points for track in tracks)])
        end, good = follow(before, now, start)
        self.flow = self._vectors(start[good], end[good], elapsed_s)
        first = 0
        for track in tracks:
            own = slice(first, first + len(track.points))
            first = own.stop
            kept = good[own]
            track.take_flow((end[own] - start[own])[kept], elapsed_s)
            track.points = end[own][kept]

    def _vectors(self, start: Points, end: Points, elapsed_s: float) -> tuple[FlowVector, ...]:
        width, height = self._size
        scale = np.array([width, height, width * elapsed_s, height * elapsed_s])
        return tuple(map(FlowVector._make, (np.hstack([end, end - start]) / scale).tolist()))

    def _renew_corners(self, track: Track, luma: Plane, time_s: float) -> None:
        """Drop the corners that left the region, and seek new ones where few are left."""
        track.points = _within(track.points, track.region)
        due = time_s - self._sought_s.get(track.id, -_SEEK_INTERVAL_S) >= _SEEK_INTERVAL_S
        room = self._most_corners - sum(len(other.points) for other in self._tracker.tracks)
        if len(track.points) >= _FEW_CORNERS or not due or room <= 0:
            return
        self._sought_s[track.id] = time_s
        x, y, width, height = track.region.box
        crop = np.ascontiguousarray(luma[y : y + height, x : x + width])
        found = corners(crop, track.region.mask, min(_CORNERS_A_TRACK, room))
        track.points = found + np.array([x, y], dtype=np.float32)

    def _renew_outline(self, track: Track, pictures: Pictures, time_s: float) -> None:
        if time_s - track.outline_s >= _OUTLINE_INTERVAL_S:
            track.outline_s = time_s
            track.outline_ratio = outline_ratio(track.region, pictures)
            track.see_through = see_through(track.region, pictures)


def _within(points: Points, region: Region) -> Points:
    """Return the points inside the box of a region; those beside it in the box are few and do no harm."""
    x, y, width, height = region.box
    inside = (points >= (x, y)) & (points < (x + width, y + height))
    return points[inside.all(axis=1)]
