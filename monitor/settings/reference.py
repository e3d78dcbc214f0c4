"""Settings written out as YAML: the commented reference of every key, and what is in effect."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from inspect import getdoc
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from monitor.settings.describe import allowed_text, named_section_of, section_of
from monitor.settings.document import KeyPath, dump, key_text
from monitor.settings.load import Resolved
from monitor.settings.model import Settings

WIDTH = 100
"""Columns of a comment, so that a file reads well in a terminal split in two."""

HEAD = """\
Every setting of the monitor, what it means, what it may be, and its default.

All values below are the defaults: keep the lines you change and delete the rest.
Order of precedence: defaults, then the preset, then this file, then --set KEY=VALUE.
`monitor config check FILE` tells every mistake at once; `monitor config show` what is in effect.
"""

HIDDEN = "***"

M = TypeVar("M", bound=BaseModel)

Above = Callable[[KeyPath, FieldInfo], Iterable[str]]
"""Gives the comment lines above a key or section."""

Beside = Callable[[KeyPath, FieldInfo, Any], str]
"""Gives the comment behind a value, "" for none."""


def reference_text() -> str:
    """Return the commented file of every setting with its default, as `config/monitor.yaml`."""
    lines = [*_comment(HEAD.splitlines()), *_render(Settings(), (), _manual, _nothing)]
    return "\n".join(lines) + "\n"


def effective_text(resolved: Resolved) -> str:
    """Return settings as YAML; what was given says from where, and the default where it differs.

    What is secret is hidden.
    """

    def origin(path: KeyPath, field: FieldInfo, value: Any) -> str:
        place = resolved.places.get(path)
        if place is None:
            return ""
        if field.is_required():
            return f"from {place}"
        same = value == field.default
        return f"from {place}, " + ("the default" if same else f"default {_value_text(field.default)}")

    return "\n".join(_render(discreet(resolved.settings), (), lambda *_: (), origin)).strip() + "\n"


def discreet(section: M) -> M:
    """Return a section fit to be shown: what is not in its `repr` is replaced by ***."""
    hidden: dict[str, Any] = {}
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            hidden[name] = discreet(value)
        elif named_section_of(field.annotation):
            hidden[name] = {title: discreet(inner) for title, inner in value.items()}
        elif not field.repr and value is not None:
            hidden[name] = HIDDEN
    return section.model_copy(update=hidden)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a settings file, with meanings, ranges, units and defaults."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Settings.model_json_schema()}


def origins(resolved: Resolved) -> dict[str, str]:
    """Return for each value that was given, by its dotted key, the place that gave it."""
    return {key_text(p): str(resolved.places[p]) for p in leaves(resolved.settings) if p in resolved.places}


def leaves(section: BaseModel, above: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every value, those of named sections included, in the order of declaration."""
    for name, field in type(section).model_fields.items():
        value, path = getattr(section, name), (*above, name)
        if isinstance(value, BaseModel):
            yield from leaves(value, path)
        elif named_section_of(field.annotation):
            for title, inner in value.items():
                yield from leaves(inner, (*path, title))
        else:
            yield path


def _render(section: BaseModel, path: KeyPath, above: Above, beside: Beside) -> list[str]:
    """Return the lines of a section, indented by its depth."""
    lines: list[str] = []
    for name, field in type(section).model_fields.items():
        comment = _comment(above((*path, name), field))
        if comment or not path:
            lines.append("")
        lines += comment
        lines += _entry((*path, name), field, getattr(section, name), above, beside)
    return lines


def _entry(path: KeyPath, field: FieldInfo, value: Any, above: Above, beside: Beside) -> list[str]:
    """Return the lines of one key, or of a section with its heading."""
    if isinstance(value, BaseModel):
        return [f"{path[-1]}:", *_indented(_render(value, path, above, beside))]
    if value and named_section_of(field.annotation):
        inner: list[str] = []
        for name, section in value.items():
            inner += [f"{dump(name)}:", *_indented(_render(section, (*path, name), above, beside))]
        return [f"{path[-1]}:", *_indented(inner)]
    remark = beside(path, field, value)
    return [f"{path[-1]}: {_value_text(value)}" + (f"  # {remark}" if remark else "")]


def _manual(path: KeyPath, field: FieldInfo) -> list[str]:
    """Return the comment of a key: its meaning, what it allows, its default and an example if it has one."""
    if section := section_of(field.annotation):
        return textwrap.wrap(getdoc(section) or "", WIDTH)
    default = "" if field.is_required() else f" Default: {_value_text(field.default)}."
    lines = textwrap.wrap(field.description or "", WIDTH)
    lines += textwrap.wrap(f"Allowed: {allowed_text(field)}.{default}", WIDTH)
    if named := named_section_of(field.annotation):
        for example in field.examples or ():
            value = {name: named.model_validate(inner) for name, inner in example.items()}
            lines += ["Example:", *_entry(path, field, value, _manual, _nothing)]
    return lines


def _nothing(path: KeyPath, field: FieldInfo, value: Any) -> str:
    return ""


def _comment(lines: Iterable[str]) -> list[str]:
    return [f"# {line}".rstrip() for line in lines]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}".rstrip() for line in lines]


def _value_text(value: Any) -> str:
    return dump(to_jsonable_python(value))
