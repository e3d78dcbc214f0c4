"""Names as real recorders give them: the time and the camera in each, and what is none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.archive.names import camera_of, read_name

VIENNA = ZoneInfo("Europe/Vienna")
NOON = datetime(2024, 1, 31, 11, 34, 56, tzinfo=UTC)
"""12:34:56 in Vienna in winter."""

IN_LOCAL_TIME = [
    ("01-20240131123456.mkv", "arch"),  # Motion, by its event's number
    ("cam1/2024-01-31/12-34-56.mp4", "cam1"),  # motionEye
    ("events/1/24/01/31/12/34/56/1234-video.mp4", "1"),  # ZoneMinder, deep storage
    ("FrontDoor.20240131_123456.mp4", "FrontDoor"),  # Blue Iris
    ("cam1.20240131_123456.1234567.3.mp4", "cam1"),
    ("ch01_20240131123456.mp4", "ch01"),  # Hikvision
    ("192.168.1.64_01_20240131123456_1.mp4", "192.168.1.64_01"),
    ("NVR_ch1_main_20240131123456_20240131130000.dav", "NVR_ch1_main"),  # Dahua
    ("AMC0123456/2024-01-31/001/dav/12/12.34.56-12.35.56[M][0@0][0].mp4", "AMC0123456"),  # Amcrest
    ("front/Mp4Record/2024-01-31/RecM01_20240131_123456_123510_6732828_1A2B3C.mp4", "front"),  # Reolink
    ("2024/01/31/Camera_01_20240131123456.mp4", "Camera_01"),
    (
        "axis-ACCC8E012345/20240131/12/20240131_123456_7890_ACCC8E012345/20240131_12/20240131_123456_C7F0.mkv",
        "axis-ACCC8E012345",
    ),
    ("front/20240131PM/front-20240131-123456-1706704496.mp4", "front"),  # Synology
    ("Front Door 1-31-2024, 12.34.56 GMT+1.mp4", "Front Door"),  # UniFi Protect
    ("Front Door - 1-31-2024, 12.34.56pm.mp4", "Front Door"),
    ("20240131_123456_tp00001.mp4", "arch"),  # Tapo
    ("cam/2024Y01M31D12H/34M56S_1706704496.mp4", "cam"),  # Xiaomi
    ("cam/2024Y01M31D12H/E134M56S60.mp4", "cam"),  # Yi
    ("F1/record/MDalarm_20240131_123456.mkv", "F1"),  # Foscam
    ("Alarm_20240131123456.avi", "arch"),
    ("2024-01-31_12-34-56-left_repeater.mp4", "left_repeater"),  # Tesla
    ("20240131_123456_NF.mp4", "F"),  # BlackVue
    ("2024_0131_123456_0001R.MP4", "R"),  # Viofo
    ("NO20240131-123456-000001F.MP4", "F"),  # 70mai
    ("REC_2024_01_31_12_34_56_F.MP4", "F"),  # Thinkware
    ("240131_123456_001_FH.MP4", "F"),  # Nextbase
    ("FILE240131-123456F.MP4", "F"),  # Mio
    ("VID_20240131_123456.mp4", "arch"),  # phones
    ("WhatsApp Video 2024-01-31 at 12.34.56.mp4", "arch"),
    ("WIN_20240131_12_34_56_Pro.mp4", "arch"),
    ("2024-01-31 12-34-56.mkv", "arch"),  # OBS
    ("1_2024-01-31_12-34-56.mkv", "arch"),  # Agent DVR
    ("cam1/2024-01-31_12-34-56-000000.mp4", "cam1"),  # MediaMTX
    ("20240131-123456-130000_192.168.1.11-CH2.avi", "arch"),  # Brickcom
    ("2024-01-31/192.168.1.3_1_S12-34-56E12-44-56.mp4", "192.168.1.3_1"),  # Uniview
    ("2024-01-31/1M123456.mp4", "arch"),  # Panasonic
    ("2024-01-31/front/12-34-56.mp4", "front"),
    ("2024/01/31/12/34.56.mp4", "arch"),
]

IN_UTC = [
    ("recordings/2024-01-31/11/front_door/34.56.mp4", "front_door"),  # Frigate
    ("clips/front-1706700896.000000-abc123.mp4", "front"),
    ("PXL_20240131_113456000.mp4", "arch"),  # Pixel
    ("Roof_Corner_2024-01-31T03_34_56-0800.mp4", "Roof_Corner"),  # Blink
    ("2024-01-31T11_34_56+00_00.mp4", "arch"),
    ("1706700896-1706700910.mp4", "arch"),  # Tapo through Home Assistant
    ("1706700896_6-967003_yard_200-200-400-400_24_769.mp4", "arch"),  # Kerberos.io
    ("1706700896000.mp4", "arch"),  # Arlo
    ("driveway/segments/2024-01-31/11-34-56.mp4", "driveway"),  # our own
]


@pytest.mark.parametrize(("name", "camera"), IN_LOCAL_TIME + IN_UTC)
def test_a_recorders_name_tells_the_time_and_the_camera(name: str, camera: str) -> None:
    named = read_name(name, zone=VIENNA)
    assert named is not None
    assert named.starts == (NOON,)
    assert camera_of(f"/arch/{name}", "/arch", named) == camera


@pytest.mark.parametrize(
    "name",
    [
        "movie.mp4",
        "IMG_1234.MOV",
        "20240230_123456.mp4",  # no such day
        "20240131_256199.mp4",  # no such time
        "20241331_123456.mp4",
        "948987989.mp4",  # Blink's number of a clip
        "back_yard_20240131.mp4",  # a day alone
        "events/1/2024-01-31/1234/1234-video.mp4",  # ZoneMinder, medium storage
        "cam 192.168.10.20 2024-01-31.mp4",
        "2024-01-31/10.10.20.30.mp4",  # an address, not a time
    ],
)
def test_a_name_without_a_time_tells_none(name: str) -> None:
    assert read_name(name, zone=VIENNA) is None


def test_a_minute_in_the_name_below_date_and_hour_is_enough() -> None:
    named = read_name("record/20240131/12/34.mp4", zone=VIENNA)
    assert named is not None
    assert named.starts == (NOON.replace(second=0),)


def test_milliseconds_behind_the_time_are_read() -> None:
    named = read_name("192.168.1.64_01_20240131123456789_1.mp4", zone=VIENNA)
    assert named is not None
    assert named.starts == (NOON.replace(microsecond=789_000),)


def test_an_hour_that_came_twice_gives_both_moments() -> None:
    named = read_name("20241027_023000.mp4", zone=VIENNA)
    assert named is not None
    assert named.starts == (
        datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
        datetime(2024, 10, 27, 1, 30, tzinfo=UTC),
    )


def test_an_hour_that_was_left_out_is_of_a_clock_that_was_not_put_forward() -> None:
    named = read_name("20240331_023000.mp4", zone=VIENNA)
    assert named is not None
    assert named.starts == (datetime(2024, 3, 31, 1, 30, tzinfo=UTC),)


def test_a_pattern_of_ones_own_comes_first() -> None:
    own = r"(?P<camera>\w+)__(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d)_(?P<hour>\d\d)(?P<minute>\d\d)"
    named = read_name("/a/gate__310124_1234.mp4", [own], VIENNA)
    assert named is not None
    assert (named.starts, named.camera) == ((NOON.replace(second=0),), "gate")


def test_a_url_is_read_by_its_path() -> None:
    named = read_name("https://host/a%20b/front_20240131_123456.mp4?token=20200101_000000", zone=VIENNA)
    assert named is not None
    assert named.starts == (NOON,)


@pytest.mark.parametrize(
    ("address", "root", "camera"),
    [
        ("/arch/house1/ch01_20240131123456.mp4", "/arch", "house1/ch01"),
        ("/arch/house2/ch01_20240131123456.mp4", "/arch", "house2/ch01"),
        ("/arch/2024-01-31/garage/x.mp4", "/arch", "garage"),
        ("/arch/garage/2024-01-31/x.mp4", "/arch", "garage"),
        ("/arch/garage/x.mp4", "/arch/garage", "garage"),
        ("/arch/garage/2024-01-31/x.mp4", "/arch/garage/2024-01-31", "garage"),
        ("/arch/garage/x.mp4", "/arch/garage/x.mp4", "garage"),
        ("/x.mp4", "/", "camera"),
    ],
)
def test_a_camera_is_named_by_its_folder(address: str, root: str, camera: str) -> None:
    assert camera_of(address, root, read_name(address, zone=VIENNA)) == camera
