"""What the journal and the kept scores know of a span of a live camera."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from monitor.app import judge_parameters
from monitor.capture.opening import Input
from monitor.errors import SourceError, UsageError
from monitor.explaining.again import LEAD_S, Peak, look_again
from monitor.explaining.around import Around, Blind, Told
from monitor.explaining.trace import Trace, judged
from monitor.outputs.journal.coverage import NOT_RUNNING, coverage_of
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import Filter, find_events, find_near_misses
from monitor.outputs.scorestore import kept_since, read_kept
from monitor.settings import Settings

_NEAR = timedelta(seconds=1)
"""Scores this near to a picture tell where things are in it."""

_LONG_BEFORE = timedelta(hours=1)
"""An event that is open at a moment may have begun so long before: longer than any but a covered lens."""


def sources_of(journal: Journal) -> list[str]:
    """Return the cameras that the journal ever heard of, by name."""
    ever = datetime(1990, 1, 1, tzinfo=UTC)
    return sorted(coverage_of(journal, ever, ever + timedelta(seconds=1)).blind)


def live_around(
    journal: Journal, settings: Settings, source: str, start: datetime, end: datetime, zero: datetime
) -> Around:
    """Return what is known of a camera between two moments, in seconds since `zero`.

    `settings` are those of the camera, `settings.outputs.folder` where its files are.
    """
    folder = settings.outputs.folder / source
    trace, origin = _kept(folder, settings, source, start, end, zero)
    wanted = Filter(sources=frozenset([source]), since=start - _LONG_BEFORE, until=end)
    events = [_told(event.record, zero, event.at) for event in find_events(journal, wanted)]
    misses = [_told(miss, zero, None) for miss in find_near_misses(journal, wanted)]
    first_s, last_s = ((moment - zero).total_seconds() for moment in (start, end))
    return Around(
        source=source,
        zero=zero,
        is_live=True,
        trace=trace,
        origin=origin,
        events=[one for one in events if one.start_s <= last_s and one.end_s >= first_s],
        near_misses=[one for one in misses if one.start_s <= last_s and one.end_s >= first_s],
        blind=_blind(journal, source, start, end, zero),
    )


def picture_of(settings: Settings, record: Mapping[str, Any]) -> tuple[Peak | None, str | None]:
    """Return the picture that shows an event best, and a sentence where it is less than it could be.

    It is looked for in the clip, whose own first pictures tell what the place looks like; without one the
    snapshot is taken, on which mask and flow are not to be seen.
    """
    why = "There is no clip of it, so its mask and flow cannot be shown."
    path = _there(settings, record, "clip")
    if path is not None:
        try:
            if (peak := look_again(Input(str(path)), settings).peak) is not None:
                return peak, None
            why = "Its clip, looked at again, shows no event: mask and flow are those of no picture of it."
        except SourceError as error:
            why = f"Its clip cannot be looked at again: {error}"
    return _snapshot(settings, record), why


def _there(settings: Settings, record: Mapping[str, Any], role: str) -> Path | None:
    named = record["files"].get(role)
    path = None if named is None else settings.outputs.folder / named
    return path if path is not None and path.is_file() else None


def _snapshot(settings: Settings, record: Mapping[str, Any]) -> Peak | None:
    path, start = _there(settings, record, "snapshot"), record["start_time"]
    picture = None if path is None else cv2.imread(str(path))
    if picture is None or start is None:
        return None
    at = datetime.fromisoformat(start) + timedelta(seconds=record["peak_s"] - record["start_s"])
    kept = read_kept(settings.outputs.folder / record["source"], at - _NEAR, at + _NEAR)
    scores = min(kept, key=lambda one: abs((one.wall_time or at) - at), default=None)
    if scores is None:
        return None
    blank = np.zeros(picture.shape[:2], np.uint8)
    return Peak(np.asarray(picture, np.uint8), blank, blank.astype(np.float32), scores)


def _kept(
    folder: Path, settings: Settings, source: str, start: datetime, end: datetime, zero: datetime
) -> tuple[Trace | None, str]:
    scores = list(read_kept(folder, start - timedelta(seconds=LEAD_S), end))
    if not any(one.wall_time is not None and one.wall_time >= start for one in scores):
        return None, _why_none(folder, settings)
    trace = judged(scores, judge_parameters(settings), source)
    # The program's own seconds begin anew with each run: here they count from one moment.
    shifted = Trace(
        [look.at((look.wall_time - zero).total_seconds()) for look in trace.looks if look.wall_time], [], []
    )
    first_s, last_s = ((moment - zero).total_seconds() for moment in (start, end))
    return shifted.within(first_s, last_s), f"the scores that were kept in {folder / 'scores'}"


def _why_none(folder: Path, settings: Settings) -> str:
    since = kept_since(folder)
    if settings.retention.score_days == 0:
        return "no scores are kept; retention.score_days sets for how long they are"
    if since is None:
        return "no scores were kept of this camera; they are while retention.score_days is above 0"
    days, room = settings.retention.score_days, settings.retention.max_scores_mb
    return (
        f"no scores are kept of then, the first are of {since.astimezone():%Y-%m-%d %H:%M} "
        f"(retention.score_days {days:g}, retention.max_scores_mb {room})"
    )


def _told(record: Mapping[str, Any], zero: datetime, at: datetime | None) -> Told:
    start = record.get("start_time")
    began = datetime.fromisoformat(start) if start else at
    start_s = float("-inf") if began is None else (began - zero).total_seconds()
    lasted_s = float("inf") if record["end_s"] is None else record["end_s"] - record["start_s"]
    return Told(record, start_s, start_s + lasted_s)


def _blind(journal: Journal, source: str, start: datetime, end: datetime, zero: datetime) -> list[Blind]:
    found = coverage_of(journal, start, end, sources=frozenset([source]))
    if source not in found.blind:
        known = ", ".join(sources_of(journal)) or "none"
        raise UsageError(f"The journal knows no camera {source!r}; there are: {known}.")
    # A source counts from when it was first heard of.
    first = end - timedelta(seconds=sum(day.whole_s for day in found.days))
    spans = [("not_running", start, first, "the camera was not yet watched")] if first > start else []
    for span in found.blind[source]:
        what = "not_running" if span.why == NOT_RUNNING else "blind"
        spans.append((what, span.start, span.end, span.why or "no reason told"))
    return [
        Blind(what, (begins - zero).total_seconds(), (ends - zero).total_seconds(), why)
        for what, begins, ends, why in spans
    ]
