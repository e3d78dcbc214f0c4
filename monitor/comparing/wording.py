"""What is said of a comparison, to people."""

from collections.abc import Sequence

from monitor.comparing.images import Comparison, is_noticeable
from monitor.comparing.meanings import MEANINGS
from monitor.comparing.registration import Move

_WHOLE = ("manhattan", "zero", "hash_distance_bits")
_SHARES = ("zero_per_pixel", "beyond_noise_fraction")


def shown_measure(name: str, value: float | None) -> str:
    """Return a measure's value as it is read best: whole numbers with spaces, shares in percent."""
    if value is None:
        return "unknown"
    if name in _WHOLE:
        return f"{value:,.0f}".replace(",", " ")
    if name in _SHARES:
        return f"{100 * value:.3g} %" if value < 1 else "100 %"
    return "∞" if value == float("inf") else f"{value:.4g}"


def explained(name: str) -> str:
    """Return the line that tells what a measure is, its range and direction, and what it does not see."""
    meaning = MEANINGS[name]
    return f"{meaning.what}; {meaning.range}; blind to {meaning.blind_to}"


def verdict(found: Comparison, *, different: bool, passed: Sequence[str], limits: bool) -> str:
    """Return in one sentence whether two pictures differ, and why."""
    if limits:
        return f"different: beyond {', '.join(passed)}" if different else "same: within all limits"
    said = [counted(len(found.boxes), "place")] if found.boxes else []
    if is_noticeable(found.exposure_ratio) and not different:
        return f"same, but for the exposure: B is {exposure(found)}"
    if is_noticeable(found.exposure_ratio):
        said.append(f"B is {exposure(found)}")
    return f"different: {'; '.join(said)}" if different else "same"


def exposure(found: Comparison) -> str:
    """Return how B's exposure compares."""
    return f"{found.exposure_ratio:.2f} times as bright as A"


def moved(move: Move) -> str:
    """Return how far B lies from A."""
    if move.is_none:
        return "B lies on A as it is"
    across = f"{abs(move.x_px):.1f} px {'right' if move.x_px >= 0 else 'left'}"
    down = f"{abs(move.y_px):.1f} px {'below' if move.y_px >= 0 else 'above'}"
    said = f"B lay {across} and {down} of A"
    if move.method != "shift":
        said += f", turned by {move.rotation_deg:.2f}° and {move.scale:.3f} times as large"
    return f"{said}; a corner moved by up to {move.farthest_px:.1f} px"


def counted(number: int, one: str) -> str:
    """Return a number with its noun, as 1 place, 2 places."""
    return f"{number} {one}{'s' * (number != 1)}"
