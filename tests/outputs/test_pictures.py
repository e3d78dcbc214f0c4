"""Masks, snapshots and the contact sheet."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.errors import OutputExistsError
from monitor.events.event import EventChange, Phase
from monitor.frames import Bgr, Size
from monitor.outputs.contact import ContactSheet
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout
from monitor.outputs.masks import MaskSink, at_source_size
from monitor.outputs.privacy import blacken
from monitor.outputs.snapshot import SnapshotSink
from tests.outputs.scene import (
    HEIGHT,
    WIDTH,
    closed,
    event,
    frame,
    luma,
    names_in,
    observation,
    opened,
    stream,
)

LEFT_HALF = [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)]


def read(path: Path) -> Bgr:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return picture.astype(np.uint8)


def test_a_mask_is_written_for_every_frame_at_source_size(layout: Layout) -> None:
    sink = MaskSink(layout.mask)
    for seen in stream(3, {}):
        sink.take(seen)
    assert names_in(layout.folder) == {f"masks/00000{index}.png" for index in range(3)}
    mask = read(layout.mask(2))
    assert mask.shape == (HEIGHT, WIDTH)
    assert np.array_equal(mask == 255, luma(2) == 255)


def test_masks_hold_two_values_only() -> None:
    mask = np.zeros((30, 40), np.uint8)
    cv2.circle(mask, (20, 15), 9, 255, -1)
    assert set(np.unique(at_source_size(mask, Size(161, 121)))) == {0, 255}


def test_a_mask_at_source_size_is_left_as_it_is() -> None:
    mask = np.zeros((30, 40), np.uint8)
    assert at_source_size(mask, Size(40, 30)) is mask


def test_a_mask_that_is_there_is_not_overwritten(layout: Layout) -> None:
    sink = MaskSink(layout.mask)
    sink.take(observation(1))
    with pytest.raises(OutputExistsError):
        sink.take(observation(1))


def test_a_snapshot_shows_the_frame_of_the_last_peak(layout: Layout, ledger: FileLedger) -> None:
    sink = SnapshotSink(layout.snapshot, ledger)
    changes = {
        10: opened(event(peak=10)),
        20: EventChange(Phase.UPDATED, event(peak=20)),
        30: closed(event(end=28, peak=20)),
    }
    for seen in stream(31, changes):
        sink.take(seen)
    difference = np.abs(read(layout.snapshot(event())).astype(int) - frame(20).bgr())
    # JPEG at 90 costs a few grey levels beside an edge; a frame further on differs by 165 there.
    assert difference.mean() < 2
    assert difference.max() < 60


def test_a_snapshot_is_named_in_the_record(layout: Layout, ledger: FileLedger) -> None:
    sink = SnapshotSink(layout.snapshot, ledger)
    sink.take(observation(20, (opened(event()),)))
    sink.finish((closed(event(end=20)),), ())
    assert ledger.files("e1").snapshot == "snapshots/00000.400-motion.jpg"
    assert names_in(layout.folder) == {"snapshots/00000.400-motion.jpg"}


def test_an_event_that_opens_and_closes_at_the_end_gets_the_last_frame(
    layout: Layout, ledger: FileLedger
) -> None:
    sink = SnapshotSink(layout.snapshot, ledger)
    sink.take(observation(20))
    sink.finish((opened(event()), closed(event(end=20))), ())
    assert layout.snapshot(event()).exists()


def test_no_picture_means_no_snapshot(layout: Layout, ledger: FileLedger) -> None:
    sink = SnapshotSink(layout.snapshot, ledger)
    sink.finish((closed(event(end=20)),), ())
    assert ledger.files("e1").snapshot is None


def test_a_snapshot_shows_nothing_of_a_privacy_zone(layout: Layout, ledger: FileLedger) -> None:
    sink = SnapshotSink(layout.snapshot, ledger, privacy=[LEFT_HALF])
    sink.take(observation(20, (opened(event()), closed(event(end=20)))))
    picture = read(layout.snapshot(event()))
    # Eight pixels off the border JPEG's blocks keep to themselves.
    assert picture[:, : WIDTH // 2 - 8].max() <= 2
    assert picture[:, WIDTH // 2 + 8 :].min() > 60


def test_blackening_leaves_the_callers_picture_alone() -> None:
    picture = np.full((20, 20, 3), 200, np.uint8)
    black = blacken(picture, [LEFT_HALF])
    assert picture.min() == 200
    assert black[:, :10].max() == 0


def test_overlapping_privacy_zones_are_black_where_they_overlap() -> None:
    picture = np.full((20, 20, 3), 200, np.uint8)
    assert blacken(picture, [LEFT_HALF, LEFT_HALF])[:, :10].max() == 0


def sheet_of(count: int, path: Path) -> list[Path]:
    sheet = ContactSheet(path)
    for number in range(count):
        sheet.add(replace(event(end=60), start_s=float(number)), frame(number).bgr())
    return sheet.write()


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 4, 2)])
def test_a_contact_sheet_is_as_large_as_it_must_be(
    tmp_path: Path, count: int, columns: int, rows: int
) -> None:
    (path,) = sheet_of(count, tmp_path / "contact.jpg")
    assert read(path).shape == (rows * 206, columns * 320, 3)


def test_places_without_an_event_are_as_dark_as_the_ground(tmp_path: Path) -> None:
    (path,) = sheet_of(5, tmp_path / "contact.jpg")
    # JPEG spreads the letters of the tiles above and to the left over blocks of 16.
    assert read(path)[206 + 16 :, 320 + 16 :].min() > 15


def test_more_than_forty_events_make_a_second_page(tmp_path: Path) -> None:
    pages = sheet_of(41, tmp_path / "contact.jpg")
    assert [page.name for page in pages] == ["contact.jpg", "contact-2.jpg"]
    assert read(pages[1]).shape == (206, 320, 3)


def test_a_tile_holds_the_picture_and_a_caption(tmp_path: Path) -> None:
    (path,) = sheet_of(1, tmp_path / "contact.jpg")
    sheet = read(path)
    assert abs(int(np.median(sheet[10:60, 100:220])) - 90) < 5
    assert sheet[180:, :, 0].max() > 200


def test_no_events_make_no_contact_sheet(tmp_path: Path) -> None:
    assert sheet_of(0, tmp_path / "contact.jpg") == []
    assert not list(tmp_path.iterdir())


def test_the_snapshot_sink_feeds_the_contact_sheet_once(layout: Layout, ledger: FileLedger) -> None:
    sink = SnapshotSink(None, ledger, sheet=ContactSheet(layout.contact))
    sink.take(observation(20, (opened(event()), closed(event(end=20)))))
    sink.close()
    sink.close()
    assert names_in(layout.folder) == {"contact.jpg"}
