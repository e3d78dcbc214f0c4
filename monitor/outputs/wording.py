"""Events in words, the same wherever people read them."""

from collections.abc import Iterator, Mapping
from typing import Any

EVIDENCE = {
    "peak_sigma": "peak, σ",
    "area_fraction": "area, of the frame",
    "displacement_fraction": "way, of the diagonal",
    "coherence": "coherence",
    "kl_nats": "KL distance, nats",
    "opened_by": "opened, because",
    "closed_by": "closed, because",
}
"""What each part of an event's evidence is called."""


def shown_evidence(evidence: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each part of an event's evidence, as its record has it, that is known."""
    for key, name in EVIDENCE.items():
        if (value := evidence.get(key)) not in (None, ""):
            yield name, f"{value:.3g}" if isinstance(value, float) else str(value)


def shown_kind(kind: str) -> str:
    """Return a kind of event as people write it: "light change"."""
    return kind.replace("_", " ")


_HOURS_TOLD = 48
"""Up to here hours are told, for a whole day reads best as 24:00:00; of more, nobody sees how long it is."""


def shown_length(length_s: float | None) -> str:
    """Return a length of time as 7.2 s, 12:05, 3:12:05 or, from two days on, 5 d 3:12:05; unknown is —."""
    if length_s is None:
        return "—"
    if length_s < 60:
        return f"{length_s:.1f} s"
    minutes, seconds = divmod(round(length_s), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24) if hours >= _HOURS_TOLD else (0, hours)
    clock = f"{hours}:{minutes:02d}:{seconds:02d}" if days or hours else f"{minutes}:{seconds:02d}"
    return f"{days} d {clock}" if days else clock


def shown_share(fraction: float) -> str:
    """Return a share in per cent; 100.0 % is said of the whole alone."""
    rounded = round(100 * fraction, 1)
    return f"{min(rounded, 99.9) if fraction < 1 else rounded:.1f} %"
