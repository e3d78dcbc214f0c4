"""How live cameras are watched."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from monitor.settings.declare import Section, key

_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_LEAST, _MOST = 1.0, 400.0


def share_of(text: str) -> float:
    """Return 0.25 for "25%"; raises `ValueError` for what is no share from 1% to 400%."""
    found = _SHARE.fullmatch(text.strip())
    if not found or not _LEAST <= float(found[1]) <= _MOST:
        raise ValueError(f"must be {BUDGET}")
    return float(found[1]) / 100


def _a_share(text: str | None) -> str | None:
    if text is not None:
        share_of(text)
    return text


BUDGET = "a share of one processor from 1% to 400%, such as 25%"
Budget = Annotated[str | None, AfterValidator(_a_share)]


class Live(Section):
    """Watching cameras with `monitor watch`."""

    cpu_budget: Budget = key(
        None,
        "Share of one processor that each camera may use; null: without limit. To hold it, fewer frames are "
        "analysed, then smaller ones; what is then still found is told in the log and the journal. Where it "
        "saves next to nothing, as decoding takes it all, it is taken back, and the log says what helps.",
        allowed=f"{BUDGET}, or null",
    )
    quiet_decoding: Literal["auto", "off"] = key(
        "off",
        "auto: while nothing happens only the key pictures of network cameras are decoded, and all of the "
        "last seconds as soon as something stands out. Only where the stream has shown that every event "
        "stands out in the sizes of its packets (constant quality, a key picture at least every two "
        "seconds); where it has not, all is decoded. off: all is always decoded.",
    )
    hang_s: float = key(
        30.0,
        "Time without a sign of life after which the process of a camera is ended and started anew. "
        "Lower: a hang costs less, and a machine that is busy for a while is taken for one.",
        unit="seconds",
        ge=5.0,
        le=600.0,
    )
