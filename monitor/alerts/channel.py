"""What every channel can do, and how it says that it could not."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from monitor.alerts.outbox import StoredAlert
from monitor.errors import MissingPackageError, OutputError


class DeliveryError(OutputError):
    """An alert was not delivered; the message is fit to be shown and holds no secret.

    `retry_after_s` is how long the other side asked to be left alone. `refused` says that this alert will
    never be taken, however often it is sent.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None, refused: bool = False) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.refused = refused


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event that is happening now; `alerted` says that this channel's rules let it pass."""

    id: str
    source: str
    kind: str
    alerted: bool


class Channel(ABC):
    """One way to tell somebody; what it need not do, it leaves as it is here.

    All but the constructor and `interrupt` are called by one thread, the channel's own.
    """

    takes_alerts = True
    """Whether alerts go through it; a sign of life takes none."""

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self, ready: Callable[[], None]) -> None:  # noqa: B027
        """Begin; must not wait. `ready` may be called from any thread when what failed may work now."""

    @abstractmethod
    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        """Deliver one alert, or several as one message; raises `DeliveryError`.

        Afterwards the other side has said that it has them. Takes a limited time.
        """

    def follow(self, events: Sequence[OpenEvent]) -> None:  # noqa: B027
        """Show what is happening now; called whenever that changes, with the latest state only."""

    def tick(self) -> float | None:
        """Do what the time calls for; return the seconds until the next call is wanted, None for none."""
        return None

    def trial(self, alert: StoredAlert) -> None:
        """Deliver an alert at once, waiting for a connection if need be; raises `DeliveryError`."""
        self.deliver([alert])

    def interrupt(self) -> None:  # noqa: B027
        """End a delivery that is under way; called from another thread, at the end."""

    def close(self) -> None:  # noqa: B027
        """Let go of everything; safe to call twice."""


def require(package: str, extra: str, name: str) -> None:
    """Raise `MissingPackageError` with the command that installs it where `package` is missing."""
    try:
        found = find_spec(package) is not None
    except ModuleNotFoundError:  # the parent of a dotted name
        found = False
    if not found:
        raise MissingPackageError(
            f"The alert channel {name} needs the Python package {package.partition('.')[0]}: "
            f"pip install 'motion-change-monitor[{extra}]'"
        )
