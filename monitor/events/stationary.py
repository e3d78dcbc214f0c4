"""What stays: an object left behind, or the place of one that was taken."""

from monitor.analysis.scores import Scores, TrackScore
from monitor.events.draft import EventMaker, Moment, closed
from monitor.events.event import EventChange, Evidence, Kind
from monitor.events.parameters import MotionParameters, PictureParameters

_AREA_FACTOR = 2.0
"""What stays must be this much larger than what moves to be told: motion is evidence of its own, and the
shadow of a post that has wandered is small and still."""

_GHOST_RATIO = 0.4
_OBJECT_RATIO = 0.5
"""Share of the edge strength on the outline that is the picture's: an object brings its own edges, a ghost
has only those of the model. Between the two nothing is said."""

_BEGINNING_S = 1.0
"""What a recording shows from its first second on was not left in it: it differs from a background that was
learnt from what comes later, as a parked car does that drives off soon."""


class StationaryJudge:
    """Judges `object_left` and `object_removed`, once for each track."""

    def __init__(self, motion: MotionParameters, limits: PictureParameters, maker: EventMaker) -> None:
        self._min_area_fraction = motion.min_area_fraction * _AREA_FACTOR
        self._limits = limits
        self._maker = maker
        self._still: dict[int, Moment] = {}
        self._told: set[int] = set()

    def update(self, scores: Scores, vetoed: bool) -> list[EventChange]:
        """Judge one frame; `vetoed` says that nothing in it can be trusted."""
        now = Moment.of(scores)
        self._still = {
            track.id: now if track.still_s <= 0 else self._still.get(track.id, now) for track in scores.tracks
        }
        self._told &= self._still.keys()
        if vetoed:
            return []
        return [change for track in scores.tracks for change in self._look(track, now)]

    def _look(self, track: TrackScore, now: Moment) -> list[EventChange]:
        kind = self.kind_of(track)
        if kind is None or track.id in self._told or track.area_fraction < self._min_area_fraction:
            return []
        if kind is Kind.OBJECT_LEFT and now.time_s - track.age_s < _BEGINNING_S:
            return []
        self._told.add(track.id)
        limit_s = self._limits.left_s if kind is Kind.OBJECT_LEFT else self._limits.removed_s
        whose = "its own" if kind is Kind.OBJECT_LEFT else "those of the background that was there"
        why = (
            f"region {track.id}: {track.area_fraction:.2%} of the frame, still for {track.still_s:.1f} s "
            f"(limit {limit_s:g} s), the edges on its outline are {whose} ({track.outline_ratio:.2f}, "
            f"limits {_GHOST_RATIO} and {_OBJECT_RATIO})"
        )
        evidence = Evidence(opened_by=why, peak_sigma=track.peak_sigma, area_fraction=track.area_fraction)
        opened = self._maker.open(
            kind, self._still[track.id], evidence, now, box=track.box, track_ids=(track.id,)
        )
        return [opened, closed(opened.event, now, "told once")]

    def kind_of(self, track: TrackScore) -> Kind | None:
        """Return what a track would be if it is large enough, None for neither."""
        if not track.visible or track.outline_ratio is None or track.touches_border:
            return None
        if track.outline_ratio >= _OBJECT_RATIO and track.still_s >= self._limits.left_s:
            return Kind.OBJECT_LEFT
        if track.outline_ratio < _GHOST_RATIO and track.still_s >= self._limits.removed_s:
            return Kind.OBJECT_REMOVED
        return None
