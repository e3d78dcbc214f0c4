"""Can a server be reached, as far as that can be told without sending it anything."""

import socket
import ssl
from pathlib import Path

REACH_S = 5.0
"""Longest wait for a name, and for a server's answer."""


def fault_of(
    host: str,
    port: int,
    *,
    tls: bool = False,
    ca_file: Path | None = None,
    name: str | None = None,
    wait_s: float = REACH_S,
) -> str | None:
    """Return why a server cannot be connected to, None where it answers.

    With `tls` its certificate is checked, against `ca_file` or the system's authorities; it must be for
    `name`, or else for `host`.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file) if tls else None
    except OSError:
        return f"{ca_file} holds no certificate that can be read"
    try:
        with socket.create_connection((host, port), wait_s) as channel:
            if context is not None:
                with context.wrap_socket(channel, server_hostname=name or host):
                    pass
    except ssl.SSLCertVerificationError as error:
        return f"its certificate is refused: {error.verify_message}"
    except socket.gaierror:
        return "no such name is known"
    except TimeoutError:
        return f"no answer within {wait_s:g} s"
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return None
