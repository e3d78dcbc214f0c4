"""Users, log-ins and tokens as they are kept."""

from dataclasses import dataclass
from datetime import datetime

from monitor.web.security.roles import Role


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a password; `cameras` None is all."""

    name: str
    role: Role
    cameras: frozenset[str] | None
    made: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in that has not ended; `used` is exact to a minute."""

    id: str
    user: str
    address: str
    agent: str
    made: datetime
    used: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What a script shows instead of a password; `used` is exact to a minute, None is never."""

    id: str
    name: str
    role: Role
    cameras: frozenset[str] | None
    made: datetime
    used: datetime | None
