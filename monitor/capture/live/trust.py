"""By what a camera's certificate is known, where its stream is encrypted (rtsps://, https://)."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from monitor.health.network import fault_of

_PORTS = {"rtsps": 322, "https": 443}
"""Where no port is given (RFC 7826, 19.2; RFC 9110, 4.2.2)."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether the certificate is checked, against `ca_file` or else the authorities that the system trusts.

    `name` is that in the certificate where it is not the host of the address. FFmpeg checks of HLS the
    playlist's server alone, not those of the segments.
    """

    verify: bool = True
    ca_file: Path | None = None
    name: str | None = None

    def options(self, address: str) -> dict[str, str]:
        """Return what FFmpeg is told; nothing for an address without encryption."""
        if urlsplit(address).scheme.lower() not in _PORTS:
            return {}
        if not self.verify:
            return {"tls_verify": "0"}
        # The library within PyAV's packages looks for the system's authorities where its builders had them.
        authorities = self.ca_file or ssl.get_default_verify_paths().cafile
        options = {"tls_verify": "1", "ca_file": authorities, "verifyhost": self.name}
        return {key: str(value) for key, value in options.items() if value is not None}

    def fault_of(self, address: str, wait_s: float) -> str | None:
        """Return why the certificate is refused, None where it is not; asks the camera once more.

        FFmpeg says of a certificate that it refuses nothing but that the connection broke.
        """
        parts = urlsplit(address)
        scheme = parts.scheme.lower()
        try:
            port = parts.port or _PORTS.get(scheme)
        except ValueError:
            return None
        if not self.verify or scheme not in _PORTS or port is None or parts.hostname is None:
            return None
        fault = fault_of(parts.hostname, port, tls=True, ca_file=self.ca_file, name=self.name, wait_s=wait_s)
        return fault if fault is not None and "certificate" in fault else None
