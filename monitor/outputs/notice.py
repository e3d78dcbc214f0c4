"""What the user is to be told of the program itself: recording stopped, pictures were lost."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice is about."""

    RECORDING_STOPPED = "recording_stopped"
    RECORDING_RESUMED = "recording_resumed"
    PICTURES_LOST = "pictures_lost"
    PRE_ROLL = "pre_roll"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; `message` says what is the case, why, and the next step, and is fit to be shown."""

    kind: NoticeKind
    message: str


Notify = Callable[[Notice], None]
"""Is handed notices from the source's, the judge's and the writing thread; must return at once."""
