"""How common recorders name their files: one pattern for each way of writing a time into a path.

The groups are those of the settings (`archive.name_patterns`); `prefix` is what stands before the time in the
file's name, which may be a camera or a mere word ("VID"). A pattern is searched for in the whole path with /
between folders, the first that gives a real time holds. Collected from the recorders' documentation, from
programs that sort their files, and from what their users report.
"""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A way of writing a time into a path; `zone` is that of its clock, None is the one that is set."""

    expression: re.Pattern[str]
    zone: tzinfo | None = None


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_HOUR = r"(?P<hour>[01]\d|2[0-3])"
_MINUTE = r"(?P<minute>[0-5]\d)"
_SECOND = r"(?P<second>[0-5]\d)"
_FRACTION = r"(?:[.,_-]?(?P<fraction>\d{3}))?(?!\d)"
"""Milliseconds; six digits are as often the time of the end as microseconds, and nobody misses these."""

_ZONE = r"(?P<zone>Z|[+-]\d\d[:_-]?\d\d|[ _]?(?:GMT|UTC)[+-]?\d{0,2})"
_AMPM = r"(?: ?(?P<ampm>[AaPp][Mm])(?![A-Za-z]))?"

_NAME = r"(?:^|/)(?P<prefix>[^/]*?)(?<!\d)"
"""The file's name up to the first time in it; what follows may hold no more folders."""
_LAST = r"[^/]*$"

_DATE = rf"{_YEAR}[-_.]?{_MONTH}[-_.]?{_DAY}"
_CLOCK = rf"{_HOUR}[-_.:h]?{_MINUTE}[-_.:m]?{_SECOND}"
_DATED = rf"(?:^|/)[^/]*?(?<!\d){_YEAR}[-_./]?{_MONTH}[-_./]?{_DAY}(?!\d)[^/]*/"
"""A folder named by a date (also year/month/day in three)."""


def _local(expression: str) -> NamePattern:
    return NamePattern(re.compile(expression))


def _utc(expression: str) -> NamePattern:
    return NamePattern(re.compile(expression), UTC)


PATTERNS: tuple[NamePattern, ...] = (
    # Our own continuous recording and clips, UTC: driveway/segments/2026-11-21/03-05-00.mp4
    _utc(rf"(?:^|/)(?:segments|clips)/{_YEAR}-{_MONTH}-{_DAY}/{_HOUR}-{_MINUTE}-{_SECOND}{_FRACTION}{_LAST}"),
    # Frigate, UTC: recordings/2024-01-31/12/front_door/34.56.mp4
    _utc(rf"(?:^|/){_YEAR}-{_MONTH}-{_DAY}/{_HOUR}/(?P<camera>[^/]+)/{_MINUTE}\.{_SECOND}\.\w+$"),
    # Google Pixel, UTC: PXL_20240131_123456789.mp4
    _utc(rf"(?:^|/)PXL_{_YEAR}{_MONTH}{_DAY}_{_HOUR}{_MINUTE}{_SECOND}{_FRACTION}{_LAST}"),
    # With its zone, as Blink and many scripts: Roof_2020-11-09T10_30_54-0800.mp4, 20240131T123456Z.mp4
    _local(
        rf"{_NAME}{_DATE}T{_HOUR}[-_.:]?{_MINUTE}[-_.:]?{_SECOND}(?:\.(?P<fraction>\d{{3,6}}))?{_ZONE}(?!\d){_LAST}"
    ),
    # UniFi Protect, month first: Front Door 1-31-2024, 12.34.56 GMT+1.mp4, … - 2-9-2020, 11.21.12pm.mp4
    _local(
        rf"{_NAME}(?P<month>1[0-2]|0?[1-9])-(?P<day>3[01]|[12]\d|0?[1-9])-{_YEAR},? "
        rf"(?P<hour>2[0-3]|1\d|0?\d)\.{_MINUTE}\.{_SECOND}{_AMPM}{_ZONE}?{_LAST}"
    ),
    # Tesla, a camera each: 2024-01-31_12-34-56-left_repeater.mp4
    _local(
        rf"(?:^|/){_DATE}_{_CLOCK}-(?P<camera>front|back|(?:left|right)_(?:repeater|pillar))\.\w+$",
    ),
    # Dashcams with two lenses: 20240131_123456_NF.mp4 (BlackVue), 2024_0131_123456_0001R.MP4 and
    # 20240131123456_000001F.MP4 (Viofo), NO20240131-123456-000001F.MP4 (70mai),
    # REC_2024_01_31_12_34_56_F.MP4 (Thinkware)
    _local(
        rf"(?:^|/)(?:[A-Z]{{2,3}}_?)?{_DATE}[-_]?{_CLOCK}[-_](?:\d{{3,6}}|[A-Z])?(?P<camera>[FRI])\.\w+$",
    ),
    # … and with a year of two digits: 240131_123456_001_FH.MP4 (Nextbase), FILE240131-123456F.MP4 (Mio)
    _local(
        rf"(?:^|/)(?:FILE)?(?P<year>\d\d){_MONTH}{_DAY}[-_]{_HOUR}{_MINUTE}{_SECOND}"
        rf"(?:_\d{{3}}_)?(?P<camera>[FRI])H?\.\w+$",
    ),
    # The many that write the date, a sign, and the time: Motion, Blue Iris, Reolink, Hikvision, Dahua, Axis,
    # Synology, Foscam, Tapo, Agent DVR, MediaMTX, OBS, phones
    _local(rf"{_NAME}{_DATE}(?:[-_.T, ]{{0,3}}|[ _]at[ _]){_CLOCK}(?:{_FRACTION}|(?=[-_]\d)){_AMPM}{_LAST}"),
    _local(
        rf"{_NAME}(?P<year>\d\d){_MONTH}{_DAY}[-_]{_HOUR}{_MINUTE}{_SECOND}(?!\d){_LAST}",
    ),
    # Xiaomi and Yi: 2024Y01M31D12H/34M56S_1706704496.mp4, …/E134M56S60.mp4
    _local(
        rf"(?:^|/){_YEAR}Y{_MONTH}M{_DAY}D{_HOUR}H/(?:E\d)?{_MINUTE}M{_SECOND}S{_LAST}",
    ),
    # ZoneMinder with deep storage: events/1/24/01/31/12/34/56/1234-video.mp4
    _local(
        rf"(?:^|/)(?P<camera>\d+)/(?P<year>\d\d)/{_MONTH}/{_DAY}/{_HOUR}/{_MINUTE}/{_SECOND}/[^/]+$",
    ),
    # The date in a folder, the time in the name: motionEye 2024-01-31/12-34-56.mp4, Dahua and Amcrest
    # 2024-01-31/001/dav/12/12.34.56-12.35.56[M][0@0][0].mp4, Uniview 2024-01-31/…_S12-34-56E12-44-56.mp4
    _local(
        rf"{_DATED}(?:[^/]+/)*(?P<prefix>[^/]*?)(?:_S)?(?<![\d.]){_HOUR}[-_.]{_MINUTE}[-_.]{_SECOND}(?!\.?\d){_LAST}"
    ),
    _local(rf"{_DATED}(?:[^/]+/)*(?:\d[AM])?{_HOUR}{_MINUTE}{_SECOND}(?!\d){_LAST}"),
    # Date, hour, then a file a minute: Wyze record/20240131/12/34.mp4; also 2024/01/31/12/34.56.mp4
    _local(rf"{_DATED}{_HOUR}/{_MINUTE}(?:[-_.]{_SECOND})?\.\w+$"),
    # Seconds or milliseconds since 1970: Viseron, Kerberos.io, Arlo, Tapo through Home Assistant,
    # Frigate's clips front-1706704496.123456-abc.mp4; from 2008 on, for other numbers have ten digits too
    _local(rf"{_NAME}(?P<epoch>1[2-9]\d{{8}})\.?(?P<fraction>\d{{3}}|\d{{6}})?(?!\d){_LAST}"),
)
"""Those that say most come first, for the next ones would take a part of their names for all."""

WORDS = re.compile(
    r"(?:vid|video|videos|mov|movie|mvi|img|win|rec|rec[ms]\d*|record|recording|recordings|recorded|mdalarm|"
    r"mdrecord|schedule|alarm|alarms|motion|event|events|clip|clips|segments|file|snap|snapshots|period|periodic|"
    r"backup|manual|continuous|continue|normal|screen|whatsapp|dji|gopr|dcim|camera roll|no|ev|evt|pa|dst|sd|"
    r"dav|mp4|mp4record|jpg|pic|recentclips|savedclips|sentryclips|timelapse|export|exports|media|at)"
)
"""Words by which recorders call any file or folder: none is the name of a camera."""
