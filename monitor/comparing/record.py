"""A comparison as plain values, for JSON."""

import math
from typing import Any

from monitor.comparing.boxes import Box
from monitor.comparing.images import Comparison
from monitor.comparing.meanings import MEANINGS
from monitor.comparing.measures import Measures
from monitor.comparing.registration import Move

_DIGITS = 6
"""Of fractions and pixels; measures are given as they are."""


def pair_record(found: Comparison, *, different: bool, passed: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what is told of two pictures.

    Boxes are lists of x, y, width and height as fractions; `shift` is None unless B was to be aligned; a
    measure is None where it is unknown, and the PSNR of equal pictures is.
    """
    return {
        "different": different,
        "boxes": [box_record(box) for box in found.boxes],
        "shift": None if found.move is None else _shift(found.move),
        "exposure_ratio": round(found.exposure_ratio, _DIGITS),
        "noise_sigma": round(found.noise_sigma, _DIGITS),
        "measures": measures_record(found.measures),
        "limits_passed": list(passed),
        "notes": list(found.notes),
    }


def measures_record(measures: Measures) -> dict[str, float | None]:
    """Return the measures by name; JSON has no infinity, so that is None."""
    return {name: finite(measures.value(name)) for name in MEANINGS}


def finite(value: float | None) -> float | None:
    """Return a number that JSON has, None for the others."""
    return value if value is not None and math.isfinite(value) else None


def box_record(box: Box) -> list[float]:
    """Return x, y, width and height as fractions of the picture."""
    return [round(value, _DIGITS) for value in (box.x, box.y, box.width, box.height)]


def _shift(move: Move) -> dict[str, float]:
    values = {
        "x_px": move.x_px,
        "y_px": move.y_px,
        "rotation_deg": move.rotation_deg,
        "scale": move.scale,
        "farthest_px": move.farthest_px,
    }
    return {name: round(value, _DIGITS) for name, value in values.items()}
