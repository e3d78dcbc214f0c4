"""The signature of a webhook, and how a receiver checks it.

Every POST carries

    X-Monitor-Delivery: the alert's key, the same at every try; a receiver that has seen it may say 200
    X-Monitor-Timestamp: seconds since 1970, in whole numbers, of this try
    X-Monitor-Signature: v1=HEX

HEX is HMAC-SHA256 with the shared secret over the timestamp, a full stop, and the body as it was sent. A
receiver computes it anew, compares in constant time, and refuses a timestamp that is more than five minutes
from its own clock, so that nobody can send an old POST again. `verify` does all of it.
"""

import hashlib
import hmac
from collections.abc import Mapping

DELIVERY = "X-Monitor-Delivery"
TIMESTAMP = "X-Monitor-Timestamp"
SIGNATURE = "X-Monitor-Signature"

REPLAY_WINDOW_S = 300
"""Clocks without NTP drift by a few minutes at most; a longer window only helps who replays."""

_VERSION = "v1="


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the value of the signature's header."""
    signed = f"{timestamp}.".encode() + body
    return _VERSION + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, now_s: float, window_s: float = REPLAY_WINDOW_S
) -> bool:
    """Return whether a POST was signed with `secret` within `window_s` of `now_s` (seconds since 1970).

    `headers` are looked up as they are: pass a mapping that ignores case, as servers have.
    """
    timestamp = headers.get(TIMESTAMP, "")
    if not (timestamp.isascii() and timestamp.isdecimal()) or abs(now_s - int(timestamp)) > window_s:
        return False
    given = headers.get(SIGNATURE, "").encode()
    return hmac.compare_digest(given, signature(secret, int(timestamp), body).encode())
