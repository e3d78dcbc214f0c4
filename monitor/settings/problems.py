"""Each refused value as one sentence: place, key, value, and what would be right."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_jsonable_python

from monitor.settings.describe import allowed_text, field_at, is_discreet, nearest_key
from monitor.settings.document import KeyPath, Place, dump, key_text

_PLAIN = (str, int, float, bool, tuple, list, type(None))
"""Values that a message may show; a section with its keys says more by its place."""

LONGEST_VALUE = 60
"""Characters of a value that a message shows."""


def sentences(error: ValidationError, model: type[BaseModel], places: Mapping[KeyPath, Place]) -> list[str]:
    """Return one sentence for each refused value, in the order of the places."""
    details = error.errors()
    # A list is also told to be too short when one of its items is refused: the item says it all.
    inner = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    found = [(_place_of(d["loc"], places), d) for d in details if d["loc"] not in inner]
    # Without a line (--set) after those with one.
    found.sort(key=lambda pair: (pair[0].line is None, pair[0].name, pair[0].line or 0))
    return [f"{_subject(model, place, detail)}: {_fault(model, detail)}" for place, detail in found]


def _place_of(path: KeyPath, places: Mapping[KeyPath, Place]) -> Place:
    """Return the place of a value or, where it is missing, of what should hold it or of what it holds."""
    around = (path[:length] for length in range(len(path), 0, -1))
    inside = (key for key in places if key[: len(path)] == path)
    return next((places[key] for key in (*around, *inside) if key in places), Place("settings"))


def _subject(model: type[BaseModel], place: Place, detail: ErrorDetails) -> str:
    path = detail["loc"]
    if not path:
        return str(place)  # of all together
    key = key_text(tuple(part for part in path if part != "[key]"))
    whole = detail["type"] == "missing" or path[-1] == "[key]" or not isinstance(detail["input"], _PLAIN)
    whole = whole or is_discreet(model, path)
    if place.name.startswith("--"):
        return f"{place} {key}" if whole else f"{place} {key}={_shown(detail['input'])}"
    return f"{place}: {key}" if whole else f"{place}: {key} = {_shown(detail['input'])}"


def _shown(value: Any) -> str:
    text = dump(to_jsonable_python(value, inf_nan_mode="constants", fallback=str))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _fault(model: type[BaseModel], detail: ErrorDetails) -> str:
    path = detail["loc"]
    if detail["type"] == "extra_forbidden":
        meant = nearest_key(model, path)
        return (
            f"unknown key; did you mean {meant}?"
            if meant
            else "unknown key; `monitor config init` writes a file with all keys"
        )
    field = field_at(model, path)
    allowed = allowed_text(field) if field else detail["msg"]
    if detail["type"] == "missing":
        return f"missing; give {allowed}"
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    return f"must be {allowed}"
