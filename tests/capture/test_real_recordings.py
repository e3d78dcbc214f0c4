"""Real recordings, where they are at hand: `MONITOR_DATA`, or ../shared/data from the project's root."""

import os
from pathlib import Path

import numpy as np
import pytest

from monitor.capture.file import FileSource
from monitor.capture.images import ImageFolderSource
from monitor.capture.opening import inputs_of, open_source
from monitor.capture.source import Problems

DATA = Path(os.environ.get("MONITOR_DATA", Path(__file__).parents[2] / "../shared/data"))

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="no real recordings: set MONITOR_DATA to their folder"
)


def test_a_raw_avi_that_aborts_opencv_decodes() -> None:
    with FileSource(DATA / "raw/raw_bgr_48x48.avi") as source:
        frames = list(source)
    assert len(frames) == source.info.frame_count == 51
    assert frames[0].luma.shape == (48, 48)
    assert source.problems == Problems()


@pytest.mark.parametrize("name", ["corridor31.wmv", "trail_bicycle.mp4"])
def test_a_variable_rate_keeps_its_uneven_steps(name: str) -> None:
    with FileSource(DATA / "events" / name) as source:
        times_s = [frame.time_s for frame in source]
    steps_s = np.diff(times_s)
    assert steps_s.min() > 0
    assert steps_s.max() > 1.5 * steps_s.min()
    assert times_s[-1] == pytest.approx(source.info.duration_s, abs=0.2)
    assert source.problems == Problems()


def test_an_image_sequence_keeps_the_names_that_its_masks_go_by() -> None:
    (item,) = inputs_of([str(DATA / "masks/crowded/input")])
    with open_source(item) as source:
        assert isinstance(source, ImageFolderSource)
        first = next(iter(source))
        masks = DATA / "masks/crowded/groundtruth"
        stem = source.stem_of(first.index + 10)
    assert (masks / f"{stem.replace('in', 'gt')}.png").exists()
