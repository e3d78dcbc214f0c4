"""Who asks, and what they may see and do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do."""

    VIEWER = "viewer"
    """See, and say whether an alarm was true."""

    ADMIN = "admin"
    """Everything, of all cameras."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks. `cameras` are those that may be seen, None is all; an admin sees all.

    `session` and `csrf` are None where no session asks, but a token, or where there is no password yet.
    """

    name: str
    role: Role
    cameras: frozenset[str] | None = None
    session: str | None = None
    csrf: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether everything is allowed."""
        return self.role is Role.ADMIN

    def may_see(self, camera: str) -> bool:
        """Whether this camera's pictures and events may be seen."""
        return self.is_admin or self.cameras is None or camera in self.cameras


NOBODY_ELSE = Person("local", Role.ADMIN)
"""Whoever sits at this machine, while there is no user and the page listens to nobody else."""
