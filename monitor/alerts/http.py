"""One HTTP request: limited in time as a whole, followed nowhere else, and only 2xx is success."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import SplitResult, urljoin, urlsplit

from monitor.alerts.channel import DeliveryError

MOST_REDIRECTS = 3
"""From http to https, from a path to the same with a slash: more is a loop."""

LONGEST_RETRY_AFTER_S = 86_400.0
"""A server that asks for more than a day is taken at a day."""

_REFUSED = {400, 405, 406, 411, 413, 414, 415, 422}
"""What says that this very request will never be taken; a wrong address or key may be put right."""

_BUSY = {429, 503}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str | None
    retry_after: str | None


class Http:
    """Makes requests one at a time; `interrupt` ends one from another thread.

    `ca_file` is a certificate authority besides none other: the system's are used where it is None.
    Raises `DeliveryError`, whose message names the host alone, for a path may be a secret.
    """

    def __init__(self, timeout_s: float, wall: Callable[[], datetime], ca_file: Path | None = None) -> None:
        self._timeout_s = timeout_s
        self._wall = wall
        self._ca_file = ca_file
        self._connection: http.client.HTTPConnection | None = None
        self._late = threading.Event()

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> None:
        """Send a request; returns after the other side has answered with 2xx."""
        parts = urlsplit(url)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(method, parts, headers, body)
            if answer.status not in (307, 308) or not answer.location:
                return self._judge(parts, answer)
            parts = _followed(parts, answer.location)
        raise DeliveryError(f"{parts.hostname} redirects in a circle; correct the address")

    def interrupt(self) -> None:
        """End the request that is under way."""
        used: socket.socket | None = getattr(self._connection, "sock", None)
        if used is not None:
            with suppress(OSError):
                used.shutdown(socket.SHUT_RDWR)

    def _ask(
        self, method: str, parts: SplitResult, headers: Mapping[str, str], body: bytes | None
    ) -> _Answer:
        self._connection = self._connect(parts)
        self._late.clear()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            # Each read has its own limit, but a server that sends a byte now and then would hold us for ever.
            with _Limit(self._timeout_s, self._too_late):
                self._connection.request(method, path, body, dict(headers))
                with self._connection.getresponse() as response:
                    told = response.status, response.getheader("Location"), response.getheader("Retry-After")
            if self._late.is_set():  # what was cut off in the middle of its headers still has a status
                raise TimeoutError
            return _Answer(*told)
        except (OSError, http.client.HTTPException) as error:
            raise DeliveryError(f"{parts.hostname} {self._reason(error)}") from None
        except UnicodeEncodeError:
            raise DeliveryError(f"the address at {parts.hostname} holds letters it may not") from None
        finally:
            self._connection.close()
            self._connection = None

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, parts.port, timeout=self._timeout_s)
        try:
            context = ssl.create_default_context(cafile=self._ca_file)
        except OSError as error:
            raise DeliveryError(f"{self._ca_file} holds no certificate: {error.strerror}") from None
        return http.client.HTTPSConnection(host, parts.port, timeout=self._timeout_s, context=context)

    def _too_late(self) -> None:
        self._late.set()
        self.interrupt()

    def _reason(self, error: Exception) -> str:
        if self._late.is_set() or isinstance(error, TimeoutError):
            return f"did not answer within {self._timeout_s:g} s"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"has a certificate that cannot be trusted: {error.verify_message}"
        if isinstance(error, http.client.HTTPException):
            return f"gave no proper answer ({type(error).__name__})"
        return f"cannot be reached: {getattr(error, 'strerror', None) or type(error).__name__}"

    def _judge(self, parts: SplitResult, answer: _Answer) -> None:
        if 200 <= answer.status < 300:
            return
        if 300 <= answer.status < 400:
            raise DeliveryError(
                f"{parts.hostname} answered {answer.status}, it has moved; correct the address"
            )
        phrase = http.client.responses.get(answer.status, "")
        raise DeliveryError(
            f"{parts.hostname} answered {answer.status} {phrase}".rstrip(),
            retry_after_s=self._retry_after_s(answer) if answer.status in _BUSY else None,
            refused=answer.status in _REFUSED,
        )

    def _retry_after_s(self, answer: _Answer) -> float | None:
        """Return what Retry-After asks for (RFC 9110, 10.2.3): seconds, or a date."""
        text = (answer.retry_after or "").strip()
        if text.isascii() and text.isdecimal():
            return min(float(text), LONGEST_RETRY_AFTER_S)
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, IndexError):
            return None
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        return min(max((aware - self._wall()).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


def _followed(parts: SplitResult, location: str) -> SplitResult:
    """Return where a redirect leads, if that is the same host and no less safe."""
    try:
        to = urlsplit(urljoin(parts.geturl(), location))
        port = to.port or (443 if to.scheme == "https" else 80)
    except ValueError:
        raise DeliveryError(f"{parts.hostname} redirects to what is no address") from None
    same_port = port == (parts.port or (443 if parts.scheme == "https" else 80))
    upgraded = parts.scheme == "http" and to.scheme == "https"
    if to.hostname != parts.hostname or not (upgraded or (to.scheme == parts.scheme and same_port)):
        raise DeliveryError(f"{parts.hostname} redirects to another host, which is not followed")
    return to


class _Limit:
    """Calls `late` unless what is inside is done within `timeout_s`."""

    def __init__(self, timeout_s: float, late: Callable[[], None]) -> None:
        self._timer = threading.Timer(timeout_s, late)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
