"""What every kind of source must do; each kind's test subclasses `SourceContract`."""

from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from itertools import islice

import numpy as np
import pytest

from monitor.capture.source import Problems, Source
from monitor.frames import Frame

PICTURES = 5
"""So many frames are looked at; a source that gives fewer is judged by what it gives (at least two)."""


class SourceContract:
    """A subclass overrides the fixture `source`: healthy, not yet opened, two pictures or more, one size."""

    @pytest.fixture
    def source(self) -> Source:
        raise NotImplementedError

    @pytest.fixture
    def opened(self, source: Source) -> Iterator[Source]:
        with source as opened:
            yield opened

    @pytest.fixture
    def frames(self, opened: Source) -> list[Frame]:
        frames = list(islice(opened, PICTURES))
        assert len(frames) >= 2
        return frames

    def test_opening_gives_the_source_itself(self, source: Source) -> None:
        with source as opened:
            assert opened is source

    def test_indices_count_from_zero(self, frames: list[Frame]) -> None:
        assert [frame.index for frame in frames] == list(range(len(frames)))

    def test_time_starts_at_zero_and_strictly_grows(self, frames: list[Frame]) -> None:
        times_s = [frame.time_s for frame in frames]
        assert times_s[0] == 0
        assert np.all(np.diff(times_s) > 0)

    def test_luma_is_an_8_bit_plane_of_the_stated_size(self, opened: Source, frames: list[Frame]) -> None:
        for frame in frames:
            assert frame.luma.dtype == np.uint8
            assert frame.luma.shape == (opened.info.size.height, opened.info.size.width)
            assert frame.size == opened.info.size

    def test_chroma_is_absent_or_two_equal_8_bit_planes_no_larger_than_luma(
        self, frames: list[Frame]
    ) -> None:
        for luma, chroma in [(frame.luma, frame.chroma) for frame in frames]:
            if chroma is not None:
                assert chroma.u.dtype == chroma.v.dtype == np.uint8
                assert chroma.u.shape == chroma.v.shape
                assert chroma.u.shape[0] <= luma.shape[0]
                assert chroma.u.shape[1] <= luma.shape[1]

    def test_planes_cannot_be_written(self, frames: list[Frame]) -> None:
        planes = [frames[0].luma, *(frames[0].chroma or ())]
        assert not any(plane.flags.writeable for plane in planes)

    def test_a_frame_cannot_be_changed(self, frames: list[Frame]) -> None:
        with pytest.raises(FrozenInstanceError):
            frames[0].index = 7  # type: ignore[misc]

    def test_bgr_has_three_8_bit_channels_at_source_size(self, frames: list[Frame]) -> None:
        bgr = frames[0].bgr()
        assert bgr.dtype == np.uint8
        assert bgr.shape == (*frames[0].luma.shape, 3)

    def test_bgr_is_made_anew_so_that_drawing_on_it_harms_nobody(self, frames: list[Frame]) -> None:
        before = frames[0].bgr().copy()
        luma = frames[0].luma.copy()
        frames[0].bgr()[:] = 255 - before
        assert np.array_equal(frames[0].bgr(), before)
        assert np.array_equal(frames[0].luma, luma)

    def test_a_frame_that_is_kept_stays_as_it_was_after_the_source_is_closed(self, source: Source) -> None:
        with source:
            frames = []
            copies = []
            for frame in islice(source, PICTURES):
                frames.append(frame)
                copies.append((frame.luma.copy(), frame.bgr().copy()))
        for frame, (luma, bgr) in zip(frames, copies, strict=True):
            assert np.array_equal(frame.luma, luma)
            assert np.array_equal(frame.bgr(), bgr)

    def test_a_healthy_source_reports_no_problem(self, opened: Source, frames: list[Frame]) -> None:
        assert opened.problems == Problems()
        assert not any(frame.damaged for frame in frames)

    def test_info_names_the_source_and_gives_a_positive_rate_where_known(self, opened: Source) -> None:
        assert opened.info.name
        assert opened.info.rate_hz is None or opened.info.rate_hz > 0

    def test_leaving_in_the_middle_and_leaving_twice_keep_what_is_known(self, source: Source) -> None:
        with source:
            size = next(iter(source)).size
        source.__exit__(None, None, None)
        assert source.info.size == size
        assert source.problems == Problems()
