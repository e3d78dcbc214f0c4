"""Addresses and messages without what must stay secret."""

import re

HIDDEN = "***"

_USERINFO = re.compile(r"(://|%3A%2F%2F).*(?:@|%40)", re.IGNORECASE)
"""From the scheme to the last @ of the line: a password may itself hold @, /, ? and spaces. A harmless part
of a path that holds @ is hidden with it: better too much than a password."""

_SECRET_VALUE = re.compile(
    r"((?:pass|pwd|pw|pas|token|key|auth|secret|sig|credential|session|sid)[\w.%~-]*(?:=|%3D))"
    r"[^&;#\s\"'<>]*",
    re.IGNORECASE,
)
"""A name that sounds like a secret, and its value: in a query, or in a path, where some cameras have it."""


def redacted(text: str) -> str:
    """Return an address, or a message with addresses in it, with each secret replaced by ***.

    Hidden are the userinfo (name and password) and the values of keys such as token, password, key and auth.
    """
    return _SECRET_VALUE.sub(rf"\1{HIDDEN}", _USERINFO.sub(rf"\1{HIDDEN}@", text))
