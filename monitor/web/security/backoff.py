"""Slows down whoever tries passwords."""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass

from monitor.clock import Clock

_FORGET_S = 3600.0
"""After so long without a try an address or a name begins anew."""

_MOST_KEYS = 10_000
"""What is remembered at most, a few hundred kB; beyond it what was tried longest ago is forgotten."""


@dataclass(frozen=True, slots=True)
class Pace:
    """So many tries are free; then one must wait 1, 2, 4 … seconds before the next, at most `longest_s`."""

    free: int
    longest_s: float


ADDRESS = Pace(free=5, longest_s=900.0)
"""A hundred tries a day; a list of the ten thousand commonest passwords takes months."""

NAME = Pace(free=20, longest_s=30.0)
"""From many addresses: slow enough for whoever guesses, short enough not to lock the user out."""


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last_s: float = 0.0


class Backoff:
    """Counts tries by a key. May be used from several threads.

    A try counts as failed from its beginning, so that a thousand at once count as a thousand.
    """

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, key: str) -> float:
        """Return how long this key must wait before it may try again; 0 is not at all."""
        with self._lock:
            return self._wait_s(self._known(key))

    def tried(self, key: str) -> None:
        """Count a try."""
        with self._lock:
            tries = self._known(key)
            tries.count += 1
            tries.last_s = self._clock.monotonic_s()
            self._tries[key] = tries
            self._tries.move_to_end(key)
            while len(self._tries) > _MOST_KEYS:
                self._tries.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget what this key has tried."""
        with self._lock:
            self._tries.pop(key, None)

    def _known(self, key: str) -> _Tries:
        tries = self._tries.get(key, _Tries())
        is_old = self._clock.monotonic_s() - tries.last_s > _FORGET_S
        return _Tries() if is_old else tries

    def _wait_s(self, tries: _Tries) -> float:
        beyond = tries.count - self._pace.free
        if beyond < 0:
            return 0.0
        pause_s = min(2.0 ** min(beyond, 30), self._pace.longest_s)
        return max(0.0, tries.last_s + pause_s - self._clock.monotonic_s())


def address_key(address: str) -> str:
    """Return what stands for whoever is at an address: of IPv6 the network, for one person has all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
