"""The address that FFmpeg is given: with name and password, coded so that every sign in them arrives."""

import os
import re
import stat
from pathlib import Path
from urllib.parse import quote, unquote

from monitor.errors import UsageError

_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")

_WITH_USERINFO = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<userinfo>.*)@(?P<rest>[^@/?#]+([/?#].*)?)")
"""Userinfo reaches to the last @ that a host can follow, for people write passwords as they are."""

_OTHERS_RIGHTS = stat.S_IRWXG | stat.S_IRWXO


def password_of(env: str | None, file: Path | None) -> str | None:
    """Return the password from the environment or from the first line of a file; None where neither is named.

    Raises `UsageError` where it is not there, or where others than the owner have rights to the file.
    """
    if env is not None:
        if env not in os.environ:
            raise UsageError(f"The environment variable {env} is not set; set it to the camera's password.")
        return os.environ[env]
    return None if file is None else _from_file(file)


def _from_file(file: Path) -> str:
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"The password cannot be read from {file} ({reason}).") from None
    if mode & _OTHERS_RIGHTS:
        raise UsageError(f"Others may read the password in {file}; take that right away: chmod 600 {file}")
    if not lines or not lines[0]:
        raise UsageError(f"{file} holds no password in its first line; write it there.")
    return lines[0]


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
