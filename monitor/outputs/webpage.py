"""A page of HTML that needs nothing but itself."""

import base64
import hashlib
from html import escape


def page(title: str, style: str, script: str, body: str) -> str:
    """Return the page; only this style and this script take effect in it, and only pictures from here."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _policy(style: str, script: str) -> str:
    """Return what the browser may do: run this script and this style, show pictures from here; no more."""
    allowed = {
        "default-src": "'none'",
        "img-src": "'self' data: file:",
        "style-src": _hash_of(style),
        "script-src": _hash_of(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{what} {how}" for what, how in allowed.items())


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
