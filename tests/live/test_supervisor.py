"""A process for each camera: what ends or hangs is started anew, the others notice nothing."""

from collections.abc import Callable

import pytest

from monitor.clock import SimulatedClock
from monitor.live.status import CameraState, CameraStatus
from monitor.live.supervisor import RESTART_S, START_S, STOP_S, Supervisor
from monitor.settings import Settings
from tests.live.given import FakeProcess, Told, two_cameras

pytestmark = pytest.mark.logs_errors


class World:
    """A supervisor with processes that obey the test."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.told = Told()
        self.launched: list[FakeProcess] = []
        self.supervisor = Supervisor(self._launch, self.told, self.clock)
        self.supervisor.set(two_cameras())
        self.supervisor.step()
        self.drive, self.yard = self.launched

    def _launch(self, name: str, settings: Settings, hear: Callable[[CameraStatus], None]) -> FakeProcess:
        self.launched.append(FakeProcess(name, settings, hear))
        return self.launched[-1]

    @property
    def names(self) -> list[str]:
        return [process.name for process in self.launched]

    def pass_s(self, seconds: float) -> None:
        """Let time pass in steps; what was not told to be silent goes on telling."""
        for _ in range(round(seconds / 0.5)):
            self.clock.advance(0.5)
            self.supervisor.step()


@pytest.fixture
def world() -> World:
    return World()


def test_each_camera_gets_a_process_with_its_own_settings(world: World) -> None:
    assert world.names == ["drive", "yard"]
    assert list(world.drive.settings.cameras) == ["drive"]


def test_a_crash_in_one_is_followed_by_a_new_start_of_that_one_alone(world: World) -> None:
    world.drive.exit_code = -11
    world.supervisor.step()
    assert world.names == ["drive", "yard"]
    world.pass_s(RESTART_S[0])
    assert world.names == ["drive", "yard", "drive"]
    assert world.yard.exit_code is None
    (status,) = world.told.statuses
    assert (status.state, status.why) == (CameraState.RESTARTING, "its process was killed by signal 11")
    assert [source for _, _, source in world.told.notices] == ["drive"]


def test_the_waits_between_starts_that_fail_grow_to_half_a_minute(world: World) -> None:
    began: list[float] = []
    for _ in range(7):
        world.launched[-1 if len(world.launched) > 2 else 0].exit_code = 1
        count = len(world.launched)
        world.supervisor.step()
        before_s = world.clock.monotonic_s()
        while len(world.launched) == count:
            world.clock.advance(0.25)
            world.supervisor.step()
        began.append(world.clock.monotonic_s() - before_s)
    assert began == [1, 2, 5, 10, 30, 30, 30]
    assert len(world.told.notices) == 1


def test_a_process_that_lived_for_a_while_is_started_anew_at_once(world: World) -> None:
    for _ in range(3):
        world.launched[-1 if len(world.launched) > 2 else 0].exit_code = 1
        world.pass_s(31)
    again = world.launched[-1]
    for _ in range(100):
        again.live()
        world.pass_s(1)
    again.exit_code = 1
    count = len(world.launched)
    world.supervisor.step()
    world.pass_s(RESTART_S[0])
    assert len(world.launched) == count + 1


def test_a_hang_is_ended_after_its_limit_and_not_before(world: World) -> None:
    world.drive.live()
    world.yard.live()
    world.pass_s(29)
    world.yard.live()
    assert not world.drive.was_killed
    world.pass_s(2)
    assert (world.drive.was_killed, world.yard.was_killed) == (True, False)
    assert world.told.statuses[-1].why == "its process hung: no sign of life for 30 s"


def test_a_start_may_take_its_time(world: World) -> None:
    world.pass_s(START_S)
    assert not world.drive.was_killed
    world.pass_s(1)
    assert world.drive.was_killed


def test_only_what_changed_is_started_anew(world: World) -> None:
    world.supervisor.set(two_cameras(motion={"k_sigma": 5}))
    world.supervisor.step()
    world.supervisor.step()
    assert world.names == ["drive", "yard", "drive"]
    assert world.yard.exit_code is None
    assert world.launched[-1].settings.motion.k_sigma == 5.0


def test_the_new_process_waits_until_the_old_one_has_completed_its_files(world: World) -> None:
    world.drive.is_stubborn = True
    world.supervisor.set(two_cameras(motion={"k_sigma": 5}))
    world.pass_s(2)
    assert world.names == ["drive", "yard"]
    world.drive.exit_code = 0
    world.pass_s(1)
    assert world.names == ["drive", "yard", "drive"]


def test_a_camera_that_is_no_longer_named_ends(world: World) -> None:
    world.supervisor.set({"yard": two_cameras()["yard"]})
    world.pass_s(5)
    assert (world.drive.exit_code, world.yard.exit_code, world.names) == (0, None, ["drive", "yard"])


def test_at_the_end_all_are_asked_and_what_does_not_end_is_killed(world: World) -> None:
    world.drive.is_stubborn = True
    world.supervisor.stop()
    world.supervisor.step()
    assert (world.yard.exit_code, world.supervisor.is_over) == (0, False)
    world.pass_s(STOP_S + 0.5)
    assert (world.drive.was_killed, world.supervisor.is_over, world.supervisor.exit_code) == (True, True, 0)


def test_a_recording_that_has_ended_is_not_begun_again(world: World) -> None:
    world.drive.exit_code = world.yard.exit_code = 0
    world.pass_s(40)
    assert (world.names, world.supervisor.is_over) == (["drive", "yard"], True)


def test_what_is_set_wrongly_stays_down_until_it_is_set_otherwise(world: World) -> None:
    world.drive.exit_code = 2
    world.pass_s(100)
    assert world.names == ["drive", "yard"] or "drive" not in world.names[2:]
    assert world.told.statuses[0].state is CameraState.STOPPED
    assert world.supervisor.exit_code == 2
    world.supervisor.set(two_cameras(silence_s=9))
    world.supervisor.step()
    assert world.launched[-1].name == "drive"
