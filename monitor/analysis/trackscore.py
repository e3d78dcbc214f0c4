"""From pixels of the learnt place to fractions of the frame: what is told of a track and of the flow."""

import math

from monitor.analysis.scores import Box, FlowVector, TrackScore
from monitor.analysis.shift import NO_SHIFT, Shift
from monitor.analysis.tracks import Track, touches_border
from monitor.analysis.watched import WatchedArea
from monitor.frames import Size


def track_score(track: Track, time_s: float, size: Size, shift: Shift, watched: WatchedArea) -> TrackScore:
    """Return what was measured on a track; `shift` is where the picture lies on the learnt place."""
    width, height = size
    diagonal = math.hypot(width, height)
    region = track.region
    x, y, w, h = region.box
    left, top = max(0.0, x + shift.x), max(0.0, y + shift.y)
    right, bottom = min(width, x + shift.x + w), min(height, y + shift.y + h)
    centre = (region.centre[0] + shift.x) / width, (region.centre[1] + shift.y) / height
    return TrackScore(
        id=track.id,
        box=Box(left / width, top / height, (right - left) / width, (bottom - top) / height),
        centre=centre,
        area_fraction=region.area_px / (width * height),
        peak_sigma=track.measures.peak_sigma,
        contrast=track.measures.contrast,
        age_s=time_s - track.born_s,
        displacement_fraction=track.displacement_px / diagonal,
        path_fraction=track.path_px / diagonal,
        speed_per_s=math.hypot(*track.velocity_px_per_s) / diagonal,
        direction_deg=track.direction_deg,
        coherence=track.coherence,
        outline_ratio=track.outline_ratio,
        still_s=track.still_s(time_s),
        touches_border=touches_border(region, size),
        zones=watched.shares(region),
        visible=track.visible,
        see_through=track.see_through,
    )


def flow_on_frame(flow: tuple[FlowVector, ...], size: Size, shift: Shift) -> tuple[FlowVector, ...]:
    """Return the flow where it is seen in the picture."""
    if shift == NO_SHIFT:
        return flow
    x, y = shift.x / size.width, shift.y / size.height
    return tuple(vector._replace(x=vector.x + x, y=vector.y + y) for vector in flow)
