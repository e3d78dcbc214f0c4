"""Moments as the journal keeps them: whole microseconds since 1970 in UTC, which every index can sort."""

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@overload
def to_us(moment: datetime) -> int: ...
@overload
def to_us(moment: None) -> None: ...
@overload
def to_us(moment: datetime | None) -> int | None: ...
def to_us(moment: datetime | None) -> int | None:
    """Return an aware moment as microseconds; exact, unlike a float of seconds."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


@overload
def from_us(moment_us: int) -> datetime: ...
@overload
def from_us(moment_us: None) -> None: ...
@overload
def from_us(moment_us: int | None) -> datetime | None: ...
def from_us(moment_us: int | None) -> datetime | None:
    """Return the moment in UTC."""
    return None if moment_us is None else _EPOCH + moment_us * _MICROSECOND
