"""Guessing passwords: slower and slower, whatever is tried."""

from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.web.security.backoff import Backoff, Pace, address_key
from monitor.web.security.passwords import hashed
from monitor.web.site import Site
from tests.outputs.journal.given import NOON
from tests.web.given import PASSWORD, browser, site, with_users


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands at noon."""
    return SimulatedClock(NOON)


@pytest.fixture
def made(tmp_path: Path, clock: SimulatedClock) -> Site:
    """A page with users."""
    made = site(tmp_path, clock=clock)
    with_users(made.accounts)
    return made


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(made: Site, clock: SimulatedClock) -> None:
    client = browser(made)
    tries = [client.post("/api/login", json={"name": "anna", "password": "wrong"}) for _ in range(6)]
    assert [each.status_code for each in tries] == [401] * 5 + [429]
    assert tries[-1].headers["Retry-After"] == "1"
    right = {"name": "anna", "password": PASSWORD}
    assert client.post("/api/login", json=right).status_code == 429
    clock.advance(1)
    assert client.post("/api/login", json=right).status_code == 200


def test_each_further_try_doubles_the_wait_up_to_a_limit(clock: SimulatedClock) -> None:
    backoff = Backoff(Pace(free=2, longest_s=8), clock)
    waits = []
    for _ in range(7):
        backoff.tried("anna")
        waits.append(backoff.wait_s("anna"))
    assert waits == [0, 1, 2, 4, 8, 8, 8]


def test_who_guesses_one_name_does_not_slow_down_another(clock: SimulatedClock) -> None:
    backoff = Backoff(Pace(free=1, longest_s=8), clock)
    backoff.tried("anna")
    assert (backoff.wait_s("anna"), backoff.wait_s("victor")) == (1, 0)


def test_an_hour_later_all_is_forgotten(clock: SimulatedClock) -> None:
    backoff = Backoff(Pace(free=1, longest_s=10_000), clock)
    for _ in range(20):
        backoff.tried("anna")
    clock.advance(3601)
    assert backoff.wait_s("anna") == 0


def test_what_is_remembered_is_bounded(clock: SimulatedClock) -> None:
    backoff = Backoff(Pace(free=1, longest_s=8), clock)
    for number in range(10_100):
        backoff.tried(str(number))
    assert (backoff.wait_s("0"), backoff.wait_s("10099")) == (0, 1)


def test_all_addresses_of_one_network_count_as_one() -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff")
    assert address_key("192.0.2.1") != address_key("192.0.2.2")


@pytest.mark.parametrize("password", ["short", "x" * 1025])
def test_a_password_that_is_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="10 to 1024 letters"):
        hashed(password)
