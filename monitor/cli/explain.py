"""`monitor events explain`: why an event fired, and why nothing did at another time."""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import File, Json, Overrides, Preset
from monitor.cli.journal import Address, Utc, journal_of, moment_of, zone_of
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.explaining.scanned import Scanned
    from monitor.outputs.journal.journal import Journal
    from monitor.settings import Settings

EPILOG = (
    "Example: [cyan]monitor events explain 5f3a --figure why.png[/]\n\n"
    "Example: [cyan]monitor events explain --at 14:03 --source driveway[/]\n\n"
    "Example: [cyan]monitor events explain --at 83.5 --in results --source yard.mp4[/]"
)

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d+)?))?$")
_SECONDS = re.compile(r"\d+(?:\.\d+)?$")


def explain(
    event_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="The event's id, or enough of its beginning.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="Why did nothing fire then: 14:03, '2026-11-21 14:03', 3h (ago), or the seconds of a "
            "recording as 83.5.",
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", "-s", metavar="NAME", help="This camera or recording.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--in",
            metavar="DIR",
            help="The output folder of the scan or the watch; else that of the settings.",
        ),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(
            "--figure",
            metavar="FILE",
            help="A sheet with the picture, its mask and flow, and the measures: .png, .jpg or .html.",
        ),
    ] = None,
    journal: Address = None,
    config: File = None,
    preset: Preset = None,
    overrides: Overrides = None,
    utc: Utc = False,
    as_json: Json = False,
) -> None:
    """Say why an event fired; or with --at why nothing did at a time.

    Shown are the scores around it with their limits, the rules that it passed
    and failed, and what it was at its peak. The scores are those that were kept
    (live cameras: retention.score_days; scans: --scores); without them the
    recording, or the clip for the picture, is looked at again.
    """
    from monitor.explaining.sheet import suffix_of
    from monitor.settings import load_settings

    if (event_id is None) == (at is None):
        raise UsageError("Name an event, or a time with --at; `monitor events list` shows the events.")
    if figure is not None:
        suffix_of(figure)
    settings = load_settings(config, preset, overrides or ())
    if folder is not None:
        outputs = settings.outputs.model_copy(update={"folder": folder})
        settings = settings.model_copy(update={"outputs": outputs})
    shown = _Shown(figure, utc, as_json)
    with ExitStack() as stack:
        call = _Call(settings, journal, source, stack)
        if event_id is not None:
            _explain(call, event_id, shown)
        else:
            _ask(call, str(at), shown)


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the call wants it to be shown."""

    figure: Path | None
    utc: bool
    as_json: bool


class _Call:
    """Where a call looks things up."""

    def __init__(
        self, settings: "Settings", address: str | None, source: str | None, stack: ExitStack
    ) -> None:
        from monitor.explaining.scanned import scanned_in

        self.settings = settings
        self.source = source
        self._address = address
        self._stack = stack
        self.scanned: list[Scanned] = [] if address else scanned_in(settings.outputs.folder)

    def journal(self) -> "Journal":
        """Open the journal; raises `UsageError` where there is none."""
        from monitor.outputs.journal.journal import Journal

        place = journal_of(self.settings, self._address)
        return self._stack.enter_context(Journal.open(place, create=False))


def _explain(call: _Call, prefix: str, shown: _Shown) -> None:
    from monitor.cli.explainview import show_explained
    from monitor.explaining.asked import explain_live, explain_scanned, settings_of
    from monitor.explaining.scanned import event_of
    from monitor.outputs.journal.queries import find_event

    wants_picture = shown.figure is not None
    if (found := event_of(call.scanned, prefix)) is not None:
        place, record = found
        explained = explain_scanned(place, record, call.settings, picture=wants_picture)
    elif call.scanned and not _has_journal(call):
        raise UsageError(f"No event's id begins with {prefix!r} in {call.settings.outputs.folder}.")
    else:
        journal = call.journal()
        event = find_event(journal, prefix)
        explained = explain_live(journal, event, call.settings, picture=wants_picture)
    own = settings_of(call.settings, explained.around.source)
    show_explained(explained, own, figure=shown.figure, utc=shown.utc, as_json=shown.as_json)


def _ask(call: _Call, text: str, shown: _Shown) -> None:
    from monitor.cli.explainview import show_answer
    from monitor.explaining.asked import ask_live, ask_scanned, settings_of
    from monitor.explaining.scanned import place_at

    asked = _asked(text, shown.utc)
    wants_picture = shown.figure is not None

    def holds(place: "Scanned") -> bool:
        at_s = _seconds_of(asked, place, shown.utc)
        return at_s is not None and 0 <= at_s <= place.ended_s

    is_camera = call.source is not None and call.source in call.settings.cameras
    place = None if is_camera else place_at(call.scanned, call.source, holds)
    if place is not None:
        at_s = _seconds_of(asked, place, shown.utc)
        if at_s is None:
            raise UsageError(
                f"It is not known when {place.source} began; give --at in seconds of it, as 83.5."
            )
        answer, around = ask_scanned(place, at_s, call.settings, picture=wants_picture)
        own = call.settings
    else:
        if isinstance(asked, float):
            raise UsageError(
                f"--at {text}: seconds are those of a recording, of which there is none in "
                f"{call.settings.outputs.folder}; give a time of the day as 14:03 for a camera."
            )
        journal, at_s = call.journal(), 0.0
        camera = call.source or _only_camera(journal)
        moment = _latest(asked, shown.utc) if isinstance(asked, time) else asked
        answer, around = ask_live(journal, camera, moment, call.settings)
        own = settings_of(call.settings, camera)
    show_answer(answer, around, at_s, own, figure=shown.figure, utc=shown.utc, as_json=shown.as_json)


def _has_journal(call: _Call) -> bool:
    try:
        call.journal()
    except UsageError:
        return False
    return True


def _asked(text: str, utc: bool) -> float | time | datetime:
    """Return what --at means: seconds of a recording, a time of the day, or a moment."""
    text = text.strip()
    if _SECONDS.match(text):
        return float(text)
    if clock := _CLOCK.match(text):
        seconds = float(clock[3] or 0)
        try:
            return time(int(clock[1]), int(clock[2]), int(seconds), round(seconds % 1 * 1e6))
        except ValueError:
            raise UsageError(f"--at {text}: is no time of a day; give 14:03 or 14:03:20.") from None
    moment = moment_of(text, "--at", utc)
    assert moment is not None
    return moment


def _seconds_of(asked: float | time | datetime, place: "Scanned", utc: bool) -> float | None:
    """Return what was asked in seconds of a recording, of a time of the day its first; None if unknown."""
    if isinstance(asked, float):
        return asked
    if isinstance(asked, datetime):
        return place.time_s(asked)
    if place.start is None:
        return None
    day = place.start.astimezone(zone_of(utc)).date()
    days = (datetime.combine(day + timedelta(days=n), asked) for n in range(2))
    found = [place.time_s(d.replace(tzinfo=UTC) if utc else d.astimezone()) or 0.0 for d in days]
    return next((at_s for at_s in found if 0 <= at_s <= place.ended_s), found[0])


def _latest(clock: time, utc: bool) -> datetime:
    """Return the last moment at which clocks showed this."""
    now = datetime.now(UTC).astimezone(zone_of(utc))
    today = datetime.combine(now.date(), clock)
    moment = today.replace(tzinfo=UTC) if utc else today.astimezone()
    return moment if moment <= now else moment - timedelta(days=1)


def _only_camera(journal: "Journal") -> str:
    from monitor.explaining.live import sources_of

    cameras = sources_of(journal)
    if len(cameras) != 1:
        raise UsageError(f"Name the camera with --source; there are: {', '.join(cameras) or 'none'}.")
    return cameras[0]
