"""What on a page keeps somebody out: found by axe-core against WCAG 2.2, levels A and AA."""

from dataclasses import dataclass
from typing import Any, Literal

import pytest

_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_OF_WIDTH = {"type": "rule", "values": ["scrollable-region-focusable", "target-size"]}


@dataclass(frozen=True, slots=True)
class Look:
    """A screen, and the rules that are tried on it; on each but the first only those that it may break."""

    colours: Literal["light", "dark"]
    width_px: int
    rules: dict[str, Any]


LOOKS = (Look("light", 1280, _ALL), Look("dark", 1280, _OF_COLOURS), Look("dark", 360, _OF_WIDTH))
"""A desk by day and by night, and the smallest phone."""


def shown_to_all(page: Any, look: Look) -> list[str]:
    """Return a line for each barrier on a screen with where it is, and one for what does not fit on it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page.emulate_media(color_scheme=look.colours)
    page.set_viewport_size({"width": look.width_px, "height": 740})
    asked = {"runOnly": look.rules, "resultTypes": ["violations"]}
    found = axe.Axe().run(page, options=asked).response["violations"]
    wide_px = page.evaluate("document.documentElement.scrollWidth")
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]
    ] + [f"is {wide_px} px wide, on {look.width_px}" for _ in range(wide_px > look.width_px)]
