"""The annotated video: what was seen, what was measured, and why an event fired."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from monitor.analysis.scores import State
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Bgr, Size
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import refuse_existing
from monitor.outputs.overlay import ALARM, ZoneOutline, draw_flow, draw_heat, draw_tracks, draw_zones
from monitor.outputs.privacy import blacken
from monitor.outputs.sink import Observation
from monitor.outputs.strip import Strip
from monitor.outputs.text import Colour, darken, draw_label, draw_text, time_code, wrapped
from monitor.outputs.video import GROWING, VideoWriter

_WIDEST_PX = 1280
_NARROWEST_PX = 640
_STRIP_FRACTION = 0.12
_INK: Colour = (240, 240, 240)
_WAITING: Colour = (80, 200, 255)
_BANNER_EVENTS = 2
_BANNER_LINES = 2


def canvas_size(size: Size) -> Size:
    """Return the even size at which a source is shown: halved to 1280 wide, small ones enlarged.

    Enlarging is by whole numbers up to about 640 wide, below which no text could be read.
    """
    width, height = size
    while width > _WIDEST_PX:
        width, height = width // 2, height // 2
    factor = max(1, -(-_NARROWEST_PX // width))
    return Size(width * factor // 2 * 2, height * factor // 2 * 2)


class Annotator:
    """Draws observations of one source; the picture on top, the strip below it.

    `k_sigma` and `kl_nats` are the limits shown. Privacy zones are made black before all else.
    """

    def __init__(self, k_sigma: float, kl_nats: float, zones: Sequence[ZoneOutline] = ()) -> None:
        self._k_sigma = k_sigma
        self._zones = zones
        self._privacy = [zone.polygon for zone in zones if zone.role == "privacy"]
        self._strip = Strip(k_sigma, kl_nats)
        self._events: dict[str, Event] = {}
        self._canvas: Bgr | None = None
        self._height_px = 0
        self._text_px = 0

    def draw(self, observation: Observation) -> Bgr:
        """Return the annotated picture, uint8 (H, W, 3), valid until the next call."""
        self._follow(observation.changes)
        canvas = self._canvas_for(observation.frame.size)
        picture = canvas[: self._height_px]
        self._draw_picture(picture, observation)
        self._draw_head(picture, observation)
        self._draw_banner(picture)
        self._draw_strip(canvas[self._height_px :], observation)
        return canvas

    def _follow(self, changes: tuple[EventChange, ...]) -> None:
        for change in changes:
            if change.phase is Phase.CLOSED:
                self._events.pop(change.event.id, None)
            else:
                self._events[change.event.id] = change.event

    def _canvas_for(self, source: Size) -> Bgr:
        """Return the canvas; it is made for the first frame, and later ones are scaled into it."""
        if self._canvas is None:
            width, self._height_px = canvas_size(source)
            strip_px = max(56, round(self._height_px * _STRIP_FRACTION)) // 2 * 2
            self._canvas = np.zeros((self._height_px + strip_px, width, 3), np.uint8)
            self._text_px = max(12, round(self._height_px / 45))
        return self._canvas

    def _draw_picture(self, picture: Bgr, observation: Observation) -> None:
        bgr = blacken(observation.frame.bgr(), self._privacy)
        size = (picture.shape[1], picture.shape[0])
        shrinks = bgr.shape[1] > size[0]
        cv2.resize(bgr, size, dst=picture, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        if observation.sigma is not None:
            draw_heat(picture, observation.sigma, observation.mask, self._k_sigma)
        draw_zones(picture, self._zones, self._text_px)
        draw_flow(picture, observation.scores.flow)
        in_event = {track for event in self._events.values() for track in event.track_ids}
        draw_tracks(picture, observation.scores.tracks, in_event, self._text_px)

    def _draw_head(self, picture: Bgr, observation: Observation) -> None:
        frame, state = observation.frame, observation.scores.state
        wall = "" if frame.wall_time is None else f"   {frame.wall_time:%Y-%m-%d %H:%M:%S %Z}"
        words = f"{time_code(frame.time_s)}{wall}   {state.replace('_', ' ')}"
        colour = _INK if state is State.WATCHING else _WAITING
        draw_label(picture, words, (8, 8), height_px=self._text_px, colour=colour)

    def _draw_banner(self, picture: Bgr) -> None:
        """Say at the foot of the picture why the newest open events fired."""
        lines = [line for event in self._newest() for line in self._banner_lines(event, picture.shape[1])]
        if not lines:
            return
        step = self._text_px * 4 // 3
        top = picture.shape[0] - len(lines) * step - self._text_px // 2
        darken(picture, 0, top, picture.shape[1], picture.shape[0], 0.7)
        picture[top:, :4] = ALARM
        for number, (text, colour) in enumerate(lines):
            corner = (14, top + self._text_px // 4 + number * step)
            draw_text(picture, text, corner, height_px=self._text_px, colour=colour)

    def _newest(self) -> list[Event]:
        return list(self._events.values())[-_BANNER_EVENTS:]

    def _banner_lines(self, event: Event, width_px: int) -> list[tuple[str, Colour]]:
        head = f"{event.kind.replace('_', ' ').upper()}  since {time_code(event.start_s)}"
        why = wrapped(event.evidence.opened_by, width_px - 28, self._text_px, _BANNER_LINES)
        return [(head, ALARM), *((line, _INK) for line in why)]

    def _draw_strip(self, area: Bgr, observation: Observation) -> None:
        scores = observation.scores
        peak = max((track.peak_sigma for track in scores.tracks if track.visible), default=0.0)
        self._strip.add(scores.time_s, peak, scores.kl_previous_nats, bool(self._events))
        self._strip.draw(area, self._text_px)


class AnnotateSink:
    """Writes the annotated video of a source as H.264 with the source's own timing.

    The file is playable while it grows and after an interruption. Raises `OutputExistsError` where
    `path` exists, `OutputError`.
    """

    needs_sigma = True
    """Asks the pipeline for `Observation.sigma`."""

    def __init__(
        self,
        path: Path,
        ledger: FileLedger,
        *,
        k_sigma: float,
        kl_nats: float,
        zones: Sequence[ZoneOutline] = (),
    ) -> None:
        refuse_existing(path)
        self._path = path
        self._ledger = ledger
        self._annotator = Annotator(k_sigma, kl_nats, zones)
        self._writer: VideoWriter | None = None

    def take(self, observation: Observation) -> None:
        """Add this frame."""
        picture = self._annotator.draw(observation)
        if self._writer is None:
            size = Size(picture.shape[1], picture.shape[0])
            self._writer = VideoWriter(self._path, size, preset="ultrafast", crf=23, options=GROWING)
            self._ledger.wrote_annotated(self._path)
        self._writer.write(picture, observation.frame.time_s)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Nothing is shown after the last frame."""

    def close(self) -> None:
        """Complete the file; safe to call twice."""
        if self._writer is not None:
            self._writer.close()
