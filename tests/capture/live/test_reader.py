"""The live reader: what it hands on, and what happens when the signal is lost."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.capture.coded import CodedPicture
from monitor.capture.live.mailbox import MOST
from monitor.capture.live.reader import LiveReader
from monitor.clock import SystemClock
from monitor.errors import MissingPackageError, SourceError
from monitor.frames import Frame, Gap
from tests.capture.live.fakes import Camera, PatientClock, Step, take

DOWN = SourceError("no route to the camera")


def frames_of(items: list[Frame | Gap]) -> list[Frame]:
    return [item for item in items if isinstance(item, Frame)]


def gaps_of(items: list[Frame | Gap]) -> list[Gap]:
    return [item for item in items if isinstance(item, Gap)]


def advance(clock: PatientClock, duration_s: float) -> Step:
    return lambda: clock.advance(duration_s)


@pytest.fixture
def forever() -> threading.Event:
    """Something that never comes, but that lets no thread outlive its test."""
    return threading.Event()


@pytest.fixture(autouse=True)
def _released(forever: threading.Event, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait for no thread that waits for ever; let it end after the test."""
    monkeypatch.setattr("monitor.capture.live.reader.END_S", 0.0)
    yield
    forever.set()


def test_frames_come_in_order_from_time_zero(forever: threading.Event) -> None:
    camera = Camera([0.0, 0.04, 0.08, forever])
    with LiveReader(camera.open, name="door", clock=PatientClock()) as reader:
        items = take(reader, 3)
    assert [(f.index, round(f.time_s, 6)) for f in frames_of(items)] == [(0, 0.0), (1, 0.04), (2, 0.08)]


def test_retries_wait_1_2_5_10_30_and_30_seconds_for_ever() -> None:
    clock = PatientClock(most_sleeps=8)
    with LiveReader(Camera().open, name="door", clock=clock) as reader:
        take(reader, 1)
        wait_until(lambda: len(clock.waits_s) == 8)
    assert clock.waits_s == [1, 2, 5, 10, 30, 30, 30, 30]


def test_after_a_good_minute_retries_begin_with_1_again(forever: threading.Event) -> None:
    clock = PatientClock(most_sleeps=5)
    good = [0.0, advance(clock, 60.0), 60.0, DOWN]
    short = [0.0, advance(clock, 59.0), 59.0, DOWN]
    camera = Camera([DOWN], [DOWN], good, short, [DOWN])
    with LiveReader(camera.open, name="door", clock=clock) as reader:
        take(reader, 1)
        wait_until(lambda: len(clock.waits_s) == 5)
    assert clock.waits_s == [1, 2, 1, 2, 5]


def test_an_error_is_a_gap_at_once_and_pictures_end_it(forever: threading.Event) -> None:
    clock = PatientClock()
    camera = Camera([0.0, 0.04, DOWN], [DOWN], [0.0, forever])
    with LiveReader(camera.open, name="door", clock=clock) as reader:
        items = take(reader, 5)
    begun, ended = gaps_of(items)
    assert [type(item) for item in items] == [Frame, Frame, Gap, Gap, Frame]
    assert begun.start_s == pytest.approx(0.04)
    assert (begun.end_s, begun.why) == (None, "no route to the camera")
    # 1 s and 2 s of waiting lie between the two connections.
    assert (ended.start_s, ended.end_s) == (begun.start_s, frames_of(items)[-1].time_s)
    assert ended.end_s == pytest.approx(3.0, abs=0.05)


def test_a_camera_that_is_down_at_the_start_is_a_gap_from_zero(forever: threading.Event) -> None:
    with LiveReader(Camera([DOWN], [0.0, forever]).open, name="door", clock=PatientClock()) as reader:
        begun, ended, frame = take(reader, 3)
    assert isinstance(begun, Gap)
    assert isinstance(ended, Gap)
    assert isinstance(frame, Frame)
    assert (begun.start_s, begun.end_s, ended.end_s) == (0.0, None, 1.0)
    assert (frame.index, frame.time_s) == (0, 1.0)


def test_the_end_of_a_stream_is_a_loss_too(forever: threading.Event) -> None:
    with LiveReader(Camera([0.0], [0.0, forever]).open, name="door", clock=PatientClock()) as reader:
        items = take(reader, 4)
    assert gaps_of(items)[0].why == "the stream ended"


def test_silence_is_a_gap_after_its_limit_and_needs_no_new_connection(forever: threading.Event) -> None:
    clock = PatientClock()
    silent = threading.Event()
    camera = Camera([0.0, silent, 6.0, forever])
    with LiveReader(camera.open, name="door", clock=clock, silence_s=5.0) as reader:
        items = iter(reader)
        assert isinstance(next(items), Frame)
        clock.advance(6.0)
        begun = next(items)
        silent.set()
        ended, frame = next(items), next(items)
    assert isinstance(begun, Gap)
    assert isinstance(ended, Gap)
    assert isinstance(frame, Frame)
    assert (begun.start_s, begun.end_s, begun.why) == (0.0, None, "no picture for 5 s")
    assert ended.end_s == frame.time_s == pytest.approx(6.0)
    assert len(camera.sources) == 1


def test_times_strictly_grow_and_go_on_by_the_steady_clock(forever: threading.Event) -> None:
    clock = PatientClock()
    camera = Camera([0.0, 0.04, 0.08, DOWN], [0.0, 0.0, 0.04, forever])
    with LiveReader(camera.open, name="door", clock=clock) as reader:
        times_s = [frame.time_s for frame in frames_of(take(reader, 8))]
    assert all(later > earlier for earlier, later in pairwise(times_s))
    assert times_s[3] == pytest.approx(1.0, abs=0.1)


def test_a_machine_clock_that_is_set_changes_wall_time_and_nothing_else(forever: threading.Event) -> None:
    class SetClock(PatientClock):
        offset = timedelta()

        def wall(self):  # type: ignore[no-untyped-def]
            return super().wall() + self.offset

    clock = SetClock()

    def set_ahead() -> None:
        clock.advance(0.04)
        clock.offset = timedelta(hours=1)

    with LiveReader(Camera([0.0, set_ahead, 0.04, forever]).open, name="door", clock=clock) as reader:
        first, second = frames_of(take(reader, 2))
    assert second.time_s - first.time_s == pytest.approx(0.04)
    assert first.wall_time is not None
    assert second.wall_time is not None
    assert second.wall_time - first.wall_time == timedelta(hours=1, seconds=0.04)


def test_the_oldest_frames_are_dropped_and_counted_while_the_consumer_is_behind(
    forever: threading.Event,
) -> None:
    done = threading.Event()
    times_s = [i * 0.04 for i in range(MOST + 5)]
    with LiveReader(Camera([*times_s, done.set, forever]).open, name="door", clock=PatientClock()) as reader:
        assert done.wait(10.0)
        frames = frames_of(take(reader, MOST))
        statistics = reader.statistics
    assert [frame.index for frame in frames] == list(range(5, MOST + 5))
    assert (statistics.frames, statistics.dropped) == (MOST + 5, 5)


def test_pictures_that_are_not_due_are_counted_and_stay_with_the_source(forever: threading.Event) -> None:
    done = threading.Event()
    times_s = [i * 0.04 for i in range(6)]
    reader = LiveReader(Camera([*times_s, done.set, forever]).open, name="door", clock=PatientClock())
    reader.is_due = lambda time_s: round(time_s / 0.04) % 2 == 0
    with reader:
        assert done.wait(10.0)
        frames = frames_of(take(reader, 3))
        statistics = reader.statistics
    assert [frame.index for frame in frames] == [0, 2, 4]
    assert (statistics.frames, statistics.dropped) == (6, 0)


def test_the_first_picture_after_a_gap_ends_it_also_where_it_is_not_due(forever: threading.Event) -> None:
    camera = Camera([0.0, DOWN], [0.0, forever])
    reader = LiveReader(camera.open, name="door", clock=PatientClock())
    reader.is_due = lambda time_s: time_s == 0.0
    with reader:
        items = take(reader, 4)
    assert [gap.end_s is None for gap in gaps_of(items)] == [True, False]
    assert len(frames_of(items)) == 2


def test_pictures_that_were_held_wait_for_the_consumer_and_none_is_dropped(
    forever: threading.Event,
) -> None:
    count = 3 * MOST
    camera = Camera(
        [lambda: setattr(camera.sources[0], "is_catching_up", True), *map(float, range(count)), forever]
    )
    with LiveReader(camera.open, name="door", clock=PatientClock()) as reader:
        wait_until(lambda: reader.statistics.frames > MOST)
        frames = frames_of(take(reader, count))
        dropped = reader.statistics.dropped
    assert [frame.index for frame in frames] == list(range(count))
    assert dropped == 0


def test_a_gap_is_not_dropped_with_the_frames_around_it(forever: threading.Event) -> None:
    done = threading.Event()
    many = [i * 0.04 for i in range(MOST + 5)]
    camera = Camera([*many, DOWN], [*many, done.set, forever])
    with LiveReader(camera.open, name="door", clock=PatientClock()) as reader:
        assert done.wait(10.0)
        items = take(reader, MOST + 2)
    assert [gap.end_s is None for gap in gaps_of(items)] == [True, False]


def test_a_hung_read_is_left_behind_and_never_heard_again(forever: threading.Event) -> None:
    clock = PatientClock()
    camera = Camera([0.0, forever, 99.0], [0.0, 0.04, forever])
    with LiveReader(camera.open, name="door", clock=clock, silence_s=5.0, hang_s=40.0) as reader:
        items = iter(reader)
        assert isinstance(next(items), Frame)
        clock.advance(41.0)
        gap = next(items)
        rest = [next(items) for _ in range(3)]
        assert reader.statistics.stuck_threads == 1
        forever.set()
        assert camera.sources[0].closed.wait(10.0)
        assert reader.statistics.frames == 3
    assert isinstance(gap, Gap)
    assert gap.why == "the driver hangs: nothing for 40 s, not even an error"
    assert [type(item) for item in rest] == [Gap, Frame, Frame]


@pytest.mark.parametrize("where", ["read", "back-off"])
def test_stopping_from_another_thread_ends_iteration_at_once(
    where: str, forever: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The real clock: what is tested is that nobody waits for it, nor for the driver.
    monkeypatch.setattr("monitor.capture.live.backoff.DELAYS_S", (60.0,))
    scripts: list[list[Step]] = [[0.0, forever]] if where == "read" else [[0.0, DOWN], [DOWN], [DOWN]]
    camera = Camera(*scripts)
    with LiveReader(camera.open, name="door", clock=SystemClock()) as reader:
        items = iter(reader)
        next(items)
        if where == "back-off":
            assert isinstance(next(items), Gap)
        threading.Timer(0.05, reader.stop).start()
        assert list(items) == []
    assert len(camera.sources) == 1
    assert not forever.is_set()


def test_coded_pictures_have_the_reader_times_across_connections(forever: threading.Event) -> None:
    coded: list[CodedPicture] = []
    camera = Camera([0.0, 0.04, DOWN], [0.0, 0.04, forever])
    with LiveReader(camera.open, name="door", tap=coded.append, clock=PatientClock()) as reader:
        frames = frames_of(take(reader, 6))
    assert [picture.time_s for picture in coded] == [frame.time_s for frame in frames]
    assert [picture.is_key for picture in coded] == [True, False, True, False]


@pytest.mark.logs_errors
def test_a_tap_that_fails_does_not_stop_the_frames(
    forever: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(picture: CodedPicture) -> None:
        raise RuntimeError("the recorder is broken")

    camera = Camera([0.0, 0.04, 0.08, forever])
    with LiveReader(camera.open, name="door", tap=failing, clock=PatientClock()) as reader:
        assert len(frames_of(take(reader, 3))) == 3
    assert sum("recording fails" in record.message for record in caplog.records) == 1


def test_of_two_streams_one_is_analysed_and_the_other_recorded(forever: threading.Event) -> None:
    coded: list[CodedPicture] = []
    clock = PatientClock()
    ready, seen = threading.Event(), threading.Event()
    small = Camera([0.0, ready.set, 0.04, forever])
    large = Camera([ready, 0.0, 0.04, seen.set, forever], decode=False)
    with LiveReader(small.open, name="door", tap=coded.append, recorded=large.open, clock=clock) as reader:
        frames = frames_of(take(reader, 2))
        assert seen.wait(10.0)
        assert reader.statistics.frames == 2
    assert [frame.time_s for frame in frames] == [picture.time_s for picture in coded]


def test_recorded_pictures_go_on_growing_though_the_last_connection_was_ahead_of_time(
    forever: threading.Event,
) -> None:
    coded: list[CodedPicture] = []
    seen = threading.Event()
    ahead: list[Step] = [0.0, 1.0, 2.0, 3.0, DOWN]
    large = Camera(ahead, [0.0, 0.04, seen.set, forever], decode=False)
    with LiveReader(
        Camera([0.0, forever]).open,
        name="door",
        tap=coded.append,
        recorded=large.open,
        clock=PatientClock(),
    ) as reader:
        assert seen.wait(10.0)
        assert not reader.statistics.is_lost
    times_s = [picture.time_s for picture in coded]
    assert len(times_s) == 6
    assert all(later > earlier for earlier, later in pairwise(times_s))


def test_the_loss_of_the_recorded_stream_is_no_gap_in_watching(
    forever: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    lost = threading.Event()
    small, large = Camera([0.0, lost, 0.04, forever]), Camera([DOWN], [DOWN], [lost.set, forever])
    with LiveReader(
        small.open, name="door", tap=lambda picture: None, recorded=large.open, clock=PatientClock()
    ) as reader:
        assert gaps_of(take(reader, 2)) == []
    assert sum("recorded stream: lost" in record.message for record in caplog.records) == 1


def test_a_wrong_setting_is_raised_to_the_consumer() -> None:
    camera = Camera([MissingPackageError("install picamera2")])
    reader = LiveReader(camera.open, name="door", clock=PatientClock())
    with reader, pytest.raises(MissingPackageError, match="install picamera2"):
        list(reader)
    assert len(camera.sources) == 1


@pytest.mark.logs_errors
def test_a_bug_in_a_source_is_shown_and_the_camera_opened_anew(
    forever: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    camera = Camera([0.0, ZeroDivisionError("at rtsp://u:secret@host/")], [0.0, forever])
    with LiveReader(camera.open, name="door", clock=PatientClock()) as reader:
        items = take(reader, 4)
    assert [type(item) for item in items] == [Frame, Gap, Gap, Frame]
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text + gaps_of(items)[0].why


def test_a_loss_is_told_once_however_long_it_lasts(
    forever: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    camera = Camera([0.0, DOWN], [DOWN], [DOWN], [DOWN], [0.0, forever])
    with (
        caplog.at_level(logging.WARNING),
        LiveReader(camera.open, name="door", clock=PatientClock()) as reader,
    ):
        take(reader, 4)
    assert [record.message.split(":")[1].split(" after")[0] for record in caplog.records] == [
        " signal lost",
        " signal is back",
    ]


def test_statistics_tell_how_reading_goes(forever: threading.Event) -> None:
    clock = PatientClock()
    camera = Camera([0.0, DOWN], [0.0, advance(clock, 0.1), 0.1, advance(clock, 0.1), 0.2, forever])
    with LiveReader(camera.open, name="door", clock=clock) as reader:
        take(reader, 6)
        told = reader.statistics
    assert (told.frames, told.dropped, told.reconnects, told.is_lost) == (4, 0, 1, False)
    assert told.last_error == "no route to the camera"
    assert told.rate_hz == pytest.approx(10.0)
    assert told.info is not None
    assert told.size == told.info.size


def test_no_thread_is_left_after_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.capture.live.reader.END_S", 5.0)
    before = set(threading.enumerate())
    with LiveReader(Camera([0.0, 0.04]).open, name="door", clock=PatientClock()) as reader:
        take(reader, 2)
    assert set(threading.enumerate()) <= before


def wait_until(condition: object, limit_s: float = 5.0) -> None:
    assert callable(condition)
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it did not come to pass"
        threading.Event().wait(0.005)


def test_a_picture_that_lay_in_a_buffer_since_the_loss_does_not_end_the_gap(forever: threading.Event) -> None:
    clock = PatientClock(most_sleeps=1)
    given_up = [0.0, advance(clock, 0.1), 0.1, forever, 0.2, DOWN]
    camera = Camera(given_up, [0.0, forever])
    with LiveReader(camera.open, name="door", clock=clock, silence_s=2.0) as reader:
        items = take(reader, 2)
        clock.advance(4.0)
        items += take(reader, 1)
        forever.set()
        items += take(reader, 2)
    lost, back = gaps_of(items)
    assert (lost.end_s, back.start_s) == (None, lost.start_s)
    assert len(frames_of(items)) == 3
    assert back.end_s is not None
    assert back.end_s >= 4.0
