"""Which servers the services of Apprise speak to, so that they can be tried without sending anything."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from monitor.settings.secrets import Secret

_MAIL_PORT = 587
"""Submission, RFC 6409, where a mail URL names no other."""


def servers_of(urls: Secret) -> Iterator[tuple[str, int]]:
    """Yield host and port for each of the URLs whose service tells them."""
    import apprise

    for url in urls.reveal().split():
        service: Any = apprise.Apprise.instantiate(url, suppress_exceptions=True)
        mail = getattr(service, "smtp_host", None)
        if mail:
            yield str(mail), int(service.port or _MAIL_PORT)
            continue
        address = urlsplit(str(getattr(service, "notify_url", None) or ""))
        if address.hostname and "{" not in address.hostname:
            yield address.hostname, address.port or (80 if address.scheme == "http" else 443)
        elif all("{host}" in form for form in getattr(service, "templates", ("",))):
            # In the others what stands in the place of a host may be a token, which must not be shown.
            yield str(service.host), int(service.port or (443 if service.secure else 80))
