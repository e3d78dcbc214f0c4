"""Passwords, kept as Argon2id hashes (RFC 9106)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.errors import UsageError

SHORTEST = 10
"""Letters. OWASP and NIST SP 800-63B: length counts, rules of composition do not; 8 is their least."""

LONGEST = 1024
"""Nobody types more, and hashing takes time with the length."""

_HASHER = PasswordHasher()
"""The library's defaults are the second profile that RFC 9106 recommends: 64 MB, three passes."""


def hashed(password: str) -> str:
    """Return the hash of a new password; raises `UsageError` for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"A password has {SHORTEST} to {LONGEST} letters; choose some words, for example.")
    return _HASHER.hash(password)


def is_right(hash_of: str | None, password: str) -> bool:
    """Return whether this is the password; takes as long for a user that is not there (None)."""
    try:
        _HASHER.verify(hash_of or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return hash_of is not None


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody")
