"""Checks passwords, one after the other and never faster than a person types."""

import asyncio
import math

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool

from monitor.clock import Clock
from monitor.web.accounts import Accounts
from monitor.web.security.backoff import ADDRESS, NAME, Backoff, address_key
from monitor.web.security.passwords import is_right

_MOST_WAITING = 16
"""Each check takes a twentieth of a second and 64 MB: one is made at a time, and no more than these wait."""


class Gate:
    """The one door through which passwords come."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._addresses = Backoff(ADDRESS, clock)
        self._names = Backoff(NAME, clock)
        self._one = asyncio.Lock()
        self._waiting = 0

    async def check(self, name: str, password: str, address: str) -> bool:
        """Return whether the password is right; 429 for whoever has tried too often, or in a crowd."""
        key = address_key(address)
        wait_s = max(self._addresses.wait_s(key), self._names.wait_s(name))
        if wait_s > 0:
            _refuse(wait_s, "Too many wrong passwords")
        if self._waiting >= _MOST_WAITING:
            _refuse(1.0, "Too many are logging in at once")
        self._addresses.tried(key)
        self._names.tried(name)
        self._waiting += 1
        try:
            async with self._one:
                is_theirs = await run_in_threadpool(self._is_right, name, password)
        finally:
            self._waiting -= 1
        if is_theirs:
            self._addresses.succeeded(key)
            self._names.succeeded(name)
        return is_theirs

    def _is_right(self, name: str, password: str) -> bool:
        return is_right(self._accounts.password_of(name), password)


def _refuse(wait_s: float, why: str) -> None:
    seconds = math.ceil(wait_s)
    raise HTTPException(429, f"{why}; try again in {seconds} s.", {"Retry-After": str(seconds)})
