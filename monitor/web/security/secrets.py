"""Secrets that the page hands out: kept as hashes, so that a copied file opens nothing."""

import hashlib
import secrets

_BYTES = 32
"""256 bits: cannot be guessed, so that a plain fast hash is enough to keep them."""


def new_secret() -> str:
    """Return a new one, of letters that fit into headers and addresses."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(secret: str) -> str:
    """Return what is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_same(given: str | None, expected: str) -> bool:
    """Compare in a time that tells nothing of where they differ."""
    return given is not None and secrets.compare_digest(given.encode(), expected.encode())
