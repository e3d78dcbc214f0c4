"""What on a page keeps somebody out: found by axe-core against WCAG 2.2, levels A and AA."""

from typing import Any

import pytest

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def barriers(page: Any) -> list[str]:
    """Return a line for each barrier, with where it is."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    asked = {"runOnly": list(RULES), "resultTypes": ["violations"]}
    found = axe.Axe().run(page, options=asked).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found for node in one["nodes"]]
