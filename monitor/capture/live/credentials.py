"""The address that FFmpeg is given: with name and password, coded so that every sign in them arrives."""

import re
from urllib.parse import quote, unquote

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")

_WITH_USERINFO = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<userinfo>.*)@(?P<rest>[^@/?#]+([/?#].*)?)")
"""Userinfo reaches to the last @ that a host can follow, for people write passwords as they are."""


def full_address(address: str, username: str | None = None, password: str | None = None) -> str:
    """Return the address with its name and password percent-coded; those given go before those within it."""
    parts = _WITH_USERINFO.fullmatch(address)
    if parts is None:
        scheme, separator, rest = address.partition("://")
        if username is None or not separator:
            return address
        return f"{scheme}://{_userinfo(username, password)}@{rest}"
    if username is None:
        name, separator, secret = parts["userinfo"].partition(":")
        username, password = _plain(name), _plain(secret) if separator else None
    return f"{parts['scheme']}{_userinfo(username, password)}@{parts['rest']}"


def _plain(text: str) -> str:
    """Decode what is percent-coded; a lone % is part of the password itself."""
    return unquote(text) if _ESCAPED.search(text) else text


def _userinfo(username: str, password: str | None) -> str:
    coded = quote(username, safe="")
    return coded if password is None else f"{coded}:{quote(password, safe='')}"
