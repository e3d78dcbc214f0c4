"""The page: where it listens, over what, and how long a log-in lasts."""

import ipaddress
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from monitor.settings.declare import Section, key


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(f"{text!r} is no address; write one as 127.0.0.1 or 10.0.0.0/24") from None
    return text


HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$")]


class Web(Section):
    """The page of `monitor serve` and `monitor watch --web`."""

    address: str = key(
        "127.0.0.1",
        "Address at which the page listens. Beyond this machine (0.0.0.0 is everywhere) only once there is a "
        "user with a password: monitor user add NAME.",
        min_length=1,
        max_length=255,
    )
    port: int = key(8420, "Port at which the page listens; 0: any that is free.", unit="port", ge=0, le=65535)
    hosts: tuple[HostName, ...] = key(
        (),
        "Names by which browsers call the page, besides localhost, this machine's own name and plain "
        "addresses. Others are refused, so that no foreign page can pretend to be this one.",
        allowed="a list of host names",
    )
    certificate: Path | None = key(
        None,
        "Certificate, with those that vouch for it, to serve the page over TLS; with certificate_key.",
        allowed="a PEM file, or null",
        strict=False,
    )
    certificate_key: Path | None = key(
        None,
        "Private key of the certificate; only its owner may have any right to it (chmod 600).",
        allowed="a PEM file, or null",
        strict=False,
    )
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = key(
        (),
        "Addresses of proxies in front of the page. What they say in X-Forwarded-For and X-Forwarded-Proto "
        "is believed, from all others it is not; they are to pass the header Host on unchanged.",
        allowed="a list of addresses or networks, such as 127.0.0.1",
    )
    session_days: float = key(
        14.0,
        "Time without use after which a log-in ends; whatever its use it ends after six times as long.",
        unit="days",
        gt=0.0,
        le=365.0,
    )

    @model_validator(mode="after")
    def _certificate_and_key(self) -> Self:
        if (self.certificate is None) != (self.certificate_key is None):
            raise ValueError("certificate and certificate_key go together; give both or neither")
        return self
