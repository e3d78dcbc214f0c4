"""Passwords, tokens and addresses that are secrets: from the environment or a file, never shown."""

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from monitor.errors import UsageError

HIDDEN = "***"

_SHORTEST = 4
"""Shorter words than this occur in every sentence; hiding them would only spell them out."""


class Secret:
    """A text that shows itself to nobody who does not ask for it by `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__


def read_secret(
    what: str, variable: str | None, file: Path | None, environ: Mapping[str, str] = os.environ
) -> Secret | None:
    """Return the secret of a variable or of the first line of a file, None where neither is named.

    Spaces around it are no part of it.

    Raises `UsageError`, with the name and not the content, where it is missing, empty or open to others.
    """
    if variable is not None:
        text = environ.get(variable, "").strip()
        if not text:
            raise UsageError(f"{what}: the environment variable {variable} is not set or is empty.")
        return Secret(text)
    return None if file is None else Secret(_content(what, file))


def _content(what: str, file: Path) -> str:
    try:
        open_to_others = stat.S_IMODE(file.stat().st_mode) & 0o077
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{what}: {file} cannot be read: {reason}.") from None
    if open_to_others:
        raise UsageError(f"{what}: {file} may be read by others; say: chmod 600 {file}")
    if not lines or not (text := lines[0].strip()):
        raise UsageError(f"{what}: {file} is empty in its first line; write it there.")
    return text


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with every one of `secrets` in it hidden, the longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    return text
