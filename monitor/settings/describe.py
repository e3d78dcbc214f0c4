"""Words about settings: what a key allows, which keys there are, which one may have been meant."""

import types
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from monitor.settings.declare import extra_of
from monitor.settings.document import KeyPath, dump, key_text

_FAMILIES = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}


def section_of(annotation: object) -> type[BaseModel] | None:
    """Return the section that a field holds, or None if it holds a value or named sections."""
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def named_section_of(annotation: object) -> type[BaseModel] | None:
    """Return the section that a field holds any number of by name (`zones`), or None."""
    return section_of(get_args(annotation)[1]) if get_origin(annotation) is dict else None


def field_at(model: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    """Return the declaration nearest to a path, seen from the model's top; None for an unknown key."""
    field = model.model_fields.get(str(path[0])) if path else None
    if field is None:
        return None
    if section := section_of(field.annotation):
        return field_at(section, path[1:]) or field
    if section := named_section_of(field.annotation):
        return field_at(section, path[2:]) or field
    return field


def known_keys(model: type[BaseModel], above: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every section and key; the name of a named section is written NAME."""
    for name, field in model.model_fields.items():
        yield (*above, name)
        if section := section_of(field.annotation):
            yield from known_keys(section, (*above, name))
        if section := named_section_of(field.annotation):
            yield from known_keys(section, (*above, name, "NAME"))


def nearest_key(model: type[BaseModel], path: KeyPath) -> str | None:
    """Return the known key that an unknown one was probably meant to be, or None.

    A key of the same section comes first, then one of the same name elsewhere.
    """
    known = list(known_keys(model))
    asked = _without_names(model, path)
    beside = {str(key[-1]): key for key in known if key[:-1] == asked[:-1]}
    anywhere = {str(key[-1]): key for key in known}
    for candidates in (beside, anywhere):
        if close := get_close_matches(str(path[-1]), candidates, n=1):
            found = candidates[close[0]]
            return key_text((*path[:-1], found[-1]) if candidates is beside else found)
    return None


def is_discreet(model: type[BaseModel], path: KeyPath) -> bool:
    """Return whether what was given at a path may hold a secret, by mistake too: it is never shown.

    Secret are the fields that are not in `repr`, and all that is not known inside a section that has such.
    """
    field = model.model_fields.get(str(path[0])) if path else None
    if field is None:
        return _has_secrets(model)
    inner, rest = section_of(field.annotation), path[1:]
    if inner is None and (inner := named_section_of(field.annotation)):
        rest = path[2:]
    if inner is None:
        return not field.repr
    return is_discreet(inner, rest) if rest else _has_secrets(inner)


def _has_secrets(model: type[BaseModel]) -> bool:
    fields = model.model_fields
    return any(not field.repr or name.endswith(("_env", "_file")) for name, field in fields.items())


def _without_names(model: type[BaseModel], path: KeyPath) -> KeyPath:
    """Return the path with NAME for the name of each named section that it goes through."""
    field = model.model_fields.get(str(path[0])) if path else None
    if field is None:
        return path
    if section := section_of(field.annotation):
        return (path[0], *_without_names(section, path[1:]))
    if (section := named_section_of(field.annotation)) and len(path) > 2:
        return (path[0], "NAME", *_without_names(section, path[2:]))
    return path


def allowed_text(field: FieldInfo) -> str:
    """Return what a key may be set to, with range and unit: "a number, 1.5 to 12 σ"."""
    if written := extra_of(field, "allowed"):
        return written
    if section := section_of(field.annotation):
        return "a section with the keys " + ", ".join(section.model_fields)
    families = _alternatives(field.annotation)
    parts = [", ".join(families[:-1]), families[-1]] if len(families) > 1 else families
    limits = _range_text(field)
    return " or ".join(parts) + (f", {limits}" if limits else "")


def _alternatives(annotation: object) -> list[str]:
    """Return the words for each value or type that an annotation admits."""
    if get_origin(annotation) is Literal:
        return [dump(choice) for choice in get_args(annotation)]
    if get_origin(annotation) in (Union, types.UnionType):
        return [word for member in get_args(annotation) for word in _alternatives(member)]
    if annotation is type(None):
        return ["null"]
    return [words for family, words in _FAMILIES.items() if annotation is family]


def _range_text(field: FieldInfo) -> str:
    low = high = ""
    for limit in field.metadata:
        match limit:
            case Ge(ge=value):
                low = f"{value:g}"
            case Gt(gt=value):
                low = f"above {value:g}"
            case Le(le=value):
                high = f"{value:g}"
            case Lt(lt=value):
                high = f"below {value:g}"
    joiner = " and up to " if low.startswith("above") and high else " to "
    bounds = joiner.join(text for text in (low, high) if text)
    return f"{bounds} {extra_of(field, 'unit')}".rstrip() if bounds else ""
