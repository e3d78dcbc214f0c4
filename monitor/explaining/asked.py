"""The questions: why this event, why none at that time; and where each is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.archive.fingerprint import fingerprint_of
from monitor.errors import UsageError
from monitor.explaining.answer import REACH_S, Answer, Verdict, why_not
from monitor.explaining.around import Around, scanned_around
from monitor.explaining.live import live_around, picture_of
from monitor.explaining.scanned import Scanned
from monitor.explaining.story import MARGIN_S, Step, steps_of
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import JournalEvent
from monitor.settings import Settings

_OPEN_S = 60.0
"""Of an event that is still open so much is shown."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An event with all that is known of it; its times are `start_s`, `peak_s` and `end_s` of `around`."""

    record: Mapping[str, Any]
    around: Around
    start_s: float
    peak_s: float
    end_s: float
    steps: tuple[Step, ...]


def explain_scanned(
    place: Scanned, record: Mapping[str, Any], settings: Settings, *, picture: bool
) -> Explained:
    """Explain an event of a recording; with `picture` it is looked at again for its mask and flow."""
    start_s = float(record["start_s"])
    end_s = start_s + _OPEN_S if record["end_s"] is None else float(record["end_s"])
    peak_s = float(record["peak_s"])
    around = scanned_around(
        place,
        settings,
        start_s - MARGIN_S,
        end_s + MARGIN_S,
        picture_at_s=peak_s if picture else None,
        fingerprint=_fingerprint(place, settings),
    )
    return _explained(record, around, start_s, peak_s, end_s)


def explain_live(journal: Journal, event: JournalEvent, settings: Settings, *, picture: bool) -> Explained:
    """Explain an event of a live camera; with `picture` its clip is looked at for its mask and flow."""
    record = event.record
    own = settings_of(settings, record["source"])
    lasted_s = _OPEN_S if record["end_s"] is None else record["end_s"] - record["start_s"]
    margin = timedelta(seconds=MARGIN_S)
    end = event.at + timedelta(seconds=lasted_s)
    around = live_around(journal, own, record["source"], event.at - margin, end + margin, event.at)
    if picture:
        peak, why_none = picture_of(own, record)
        around = replace(around, peak=peak, notes=(*around.notes, *([why_none] if why_none else [])))
    return _explained(record, around, 0.0, record["peak_s"] - record["start_s"], lasted_s)


def ask_scanned(place: Scanned, at_s: float, settings: Settings, *, picture: bool) -> tuple[Answer, Around]:
    """Say why a recording had no event at a time, in seconds of it."""
    if not 0 <= at_s <= place.ended_s:
        where = f"{place.source} was looked at from 0 to {place.ended_s:.1f} s"
        around = Around(
            place.source, place.start, is_live=False, trace=None, origin="nothing was measured then"
        )
        return Answer(Verdict.OUTSIDE, f"{where}, and {at_s:.1f} s is outside of that.", at_s), around
    around = scanned_around(
        place,
        settings,
        at_s - REACH_S,
        at_s + REACH_S,
        picture_at_s=at_s if picture else None,
        fingerprint=_fingerprint(place, settings),
    )
    return why_not(around, at_s), around


def ask_live(journal: Journal, source: str, moment: datetime, settings: Settings) -> tuple[Answer, Around]:
    """Say why a camera had no event at a moment; times are seconds since then."""
    if moment > datetime.now(UTC):
        raise UsageError(f"{moment.astimezone():%Y-%m-%d %H:%M:%S} is yet to come.")
    own, reach = settings_of(settings, source), timedelta(seconds=REACH_S)
    end = min(moment + reach, datetime.now(UTC))
    around = live_around(journal, own, source, moment - reach, end, moment)
    return why_not(around, 0.0), around


def settings_of(settings: Settings, source: str) -> Settings:
    """Return the settings of a camera; those of all where it is none of them."""
    return settings.of_camera(source) if source in settings.cameras else settings


def _explained(
    record: Mapping[str, Any], around: Around, start_s: float, peak_s: float, end_s: float
) -> Explained:
    steps = () if around.trace is None else tuple(steps_of(around.trace, start_s, end_s))
    return Explained(record, around, start_s, peak_s, end_s, steps)


def _fingerprint(place: Scanned, settings: Settings) -> str:
    images = place.recording is not None and bool(place.recording.images)
    return fingerprint_of(settings, images=images)
