"""All that is known of a span of one source: measured, judged, recorded; and where that comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.app import judge_parameters
from monitor.errors import SourceError
from monitor.explaining.again import LEAD_S, Peak, look_again
from monitor.explaining.scanned import Scanned
from monitor.explaining.trace import Trace, judged
from monitor.outputs.scorefile import read_scores
from monitor.settings import Settings


@dataclass(frozen=True, slots=True)
class Told:
    """A record of an event or a near miss, with its times in seconds of the span's own count."""

    record: Mapping[str, Any]
    start_s: float
    end_s: float

    def away_s(self, time_s: float) -> float:
        """Return how far a time is from it, 0 within it."""
        return max(self.start_s - time_s, time_s - self.end_s, 0.0)


@dataclass(frozen=True, slots=True)
class Blind:
    """A span in which nothing could be seen: `what` is "not_running", "blind" or "not_decoded"."""

    what: str
    start_s: float
    end_s: float
    why: str


@dataclass(frozen=True, slots=True)
class Around:
    """A span of one source; times are seconds of the recording, or since `zero` of a live camera.

    `zero` is None where it is unknown when a recording began. `trace` is None where there are no scores;
    `origin` says where they come from, or how to have them. `notes` are sentences to be shown with it.
    """

    source: str
    zero: datetime | None
    is_live: bool
    trace: Trace | None
    origin: str
    events: Sequence[Told] = ()
    near_misses: Sequence[Told] = ()
    blind: Sequence[Blind] = ()
    peak: Peak | None = None
    notes: Sequence[str] = field(default=())

    def moment(self, time_s: float) -> datetime | None:
        """Return when a time was."""
        return None if self.zero is None else self.zero + timedelta(seconds=time_s)


def scanned_around(
    place: Scanned,
    settings: Settings,
    start_s: float,
    end_s: float,
    *,
    picture_at_s: float | None = None,
    fingerprint: str | None = None,
) -> Around:
    """Return what is known of a scanned recording between two times.

    Scores that were stored are taken; without them, or for a picture, the recording is looked at again where
    it is still there. `fingerprint` is that of the settings, to be compared with those of the scan.
    """
    end_s = min(end_s, place.ended_s)
    notes = []
    if fingerprint is not None and fingerprint != place.fingerprint:
        notes.append(
            "The settings are not those of the scan: what is judged anew may differ from what was found. "
            "Give --config, --preset and --set as then."
        )
    trace, origin, peak = _measured(place, settings, start_s, end_s, picture_at_s, notes)
    return Around(
        source=place.source,
        zero=place.start,
        is_live=False,
        trace=None if trace is None else trace.within(start_s, end_s),
        origin=origin,
        events=_told(place.events, start_s, end_s),
        near_misses=_told(place.near_misses, start_s, end_s),
        blind=_undecoded(place),
        peak=peak,
        notes=tuple(notes),
    )


def _measured(
    place: Scanned,
    settings: Settings,
    start_s: float,
    end_s: float,
    picture_at_s: float | None,
    notes: list[str],
) -> tuple[Trace | None, str, Peak | None]:
    parameters = judge_parameters(settings)
    has_scores = place.scores is not None
    peak: Peak | None = None
    trace: Trace | None = None
    origin = ""
    if (not has_scores or picture_at_s is not None) and place.recording is not None:
        until_s = picture_at_s if has_scores and picture_at_s is not None else end_s
        try:
            again = look_again(
                place.recording,
                settings,
                start_s=start_s,
                until_s=until_s,
                picture_at_s=picture_at_s,
                begins=place.start,
            )
        except SourceError as error:
            notes.append(f"The recording cannot be looked at again: {error}")
        else:
            peak = again.peak
            trace = judged(again.scores, parameters, place.source)
            origin = f"the recording {place.recording.shown}, looked at again"
            if again.begun_s:
                origin += f" from {LEAD_S:g} s before, where its background was learnt anew"
    if place.scores is not None:
        trace = judged(read_scores(place.scores), parameters, place.source)
        origin = f"the stored scores in {place.scores}"
    if trace is None:
        origin = (
            "no scores were stored, and the recording is not where it was; "
            "`monitor scan RECORDING --scores FILE.jsonl` stores them"
        )
    return trace, origin, peak


def _told(records: Sequence[Mapping[str, Any]], start_s: float, end_s: float) -> list[Told]:
    told = [Told(record, record["start_s"], _end_s(record)) for record in records]
    return [one for one in told if one.start_s <= end_s and one.end_s >= start_s]


def _end_s(record: Mapping[str, Any]) -> float:
    return float(record["start_s"] if record["end_s"] is None else record["end_s"])


def _undecoded(place: Scanned) -> list[Blind]:
    """Return what triage left out, as spans between those that were decoded."""
    if place.decoded is None:
        return []
    why = "its packets showed nothing that stands out, so it was not decoded (--triage off decodes all)"
    edges = [0.0, *(edge for span in place.decoded for edge in span), place.ended_s]
    return [
        Blind("not_decoded", start, end, why)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if start < end
    ]
