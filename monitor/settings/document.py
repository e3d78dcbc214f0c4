"""YAML text to plain values with the place of each, and back.

Values follow YAML's core schema (1.2), plus yes/no/on/off as booleans, and keys are always the text as
written, so that a zone may be called `on` and 010 is ten. Aliases and tags are refused: settings need
neither, and a few lines of nested aliases can grow into gigabytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

KeyPath = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

_CONVERT: dict[str, Callable[[str], Any]] = {
    "null": lambda text: None,
    "bool": lambda text: text.lower() in ("true", "yes", "on"),
    "int": int,
    "float": lambda text: float(text.lower().replace(".inf", "inf").replace(".nan", "nan")),
    "str": str,
}
_RESOLVERS = (
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("bool", r"(?i:true|false|yes|no|on|off)", [*"tTfFyYnNoO"]),
    # Longer rows of digits are floats, so that no int grows without bound.
    ("int", r"[-+]?[0-9]{1,15}", [*"-+0123456789"]),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", [*"-+.0123456789"]),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", [*"-+."]),
)
_PREFIX = "tag:yaml.org,2002:"


class Place(NamedTuple):
    """Where a value was given: a file and its line from 1, or a name such as `--set` with line None."""

    name: str
    line: int | None = None

    def __str__(self) -> str:
        return self.name if self.line is None else f"{self.name}:{self.line}"


@dataclass(slots=True)
class Layer:
    """Values of one origin, lists as tuples, the place of each, and what is wrong with the text itself."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            alias: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
            raise _fault("aliases (*name) are not supported; write the value out", alias)
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    pass


for _class in (_Loader, _Dumper):
    _class.yaml_implicit_resolvers = {}
    for _kind, _pattern, _first in _RESOLVERS:
        _class.add_implicit_resolver(_PREFIX + _kind, re.compile(rf"(?:{_pattern})\Z"), _first)


def parse(text: str, name: str) -> Layer:
    """Return the layer that a YAML text holds; an empty text is an empty layer.

    Text that is no YAML, or no mapping, gives an empty layer with the problem and its line.
    """
    layer = Layer()
    try:
        node = yaml.compose(text, Loader=_Loader)
        if node is not None and not _is_null(node):
            if not isinstance(node, yaml.MappingNode):
                raise _fault("the file must hold keys with values, as `motion:`", node)
            layer.values = _mapping(node, (), name, layer)
    except yaml.YAMLError as error:
        return Layer(problems=[_sentence(error, text, name)])
    except RecursionError:
        return Layer(problems=[f"{name}: nested too deeply; settings are at most four levels deep"])
    return layer


def parse_value(text: str) -> Any:
    """Return the plain value of a YAML text; raises `yaml.YAMLError` where it is none."""
    node = yaml.compose(text, Loader=_Loader)
    return None if node is None else _value(node, (), "", Layer())


def dump(value: object) -> str:
    """Return a plain value as one line of YAML that `parse_value` reads back equal."""
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, width=1e9, sort_keys=False
    )
    return text.removesuffix("...\n").strip()


def key_text(path: KeyPath) -> str:
    """Return a path as messages write it: `zones.gate.points[0][1]`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _fault(problem: str, at: yaml.Node | yaml.Event) -> yaml.YAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)  # type: ignore[arg-type]


def _is_null(node: yaml.Node) -> bool:
    return bool(node.tag == _PREFIX + "null")


def _value(node: yaml.Node, path: KeyPath, name: str, layer: Layer) -> Any:
    layer.places[path] = Place(name, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode) and node.tag == _PREFIX + "map":
        return _mapping(node, path, name, layer)
    if isinstance(node, yaml.SequenceNode) and node.tag == _PREFIX + "seq":
        return tuple(_value(item, (*path, i), name, layer) for i, item in enumerate(node.value))
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: KeyPath, name: str, layer: Layer) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _fault("a key must be a plain word", key_node)
        key = key_node.value
        here = Place(name, key_node.start_mark.line + 1)
        if key in values:
            first = layer.places[(*path, key)].line
            layer.problems.append(
                f"{here}: {key_text((*path, key))}: given twice, first in line {first}; keep one"
            )
            continue
        values[key] = _value(value_node, (*path, key), name, layer)
        layer.places[(*path, key)] = here
    return values


def _scalar(node: yaml.Node) -> Any:
    convert = _CONVERT.get(node.tag.removeprefix(_PREFIX))
    if not isinstance(node, yaml.ScalarNode) or convert is None:
        raise _fault(f"tag {node.tag} is not supported; leave it out", node)
    try:
        return convert(node.value)
    except ValueError:
        raise _fault(f"{node.value!r} does not fit its tag; leave the tag out", node) from None


def _sentence(error: yaml.YAMLError, text: str, name: str) -> str:
    """Return what the YAML reader found, with its line and without its jargon where that is known."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        problem = str(error.problem)
        if r"'\t'" in problem:
            problem = "a tab; indent with spaces"
        return f"{Place(name, error.problem_mark.line + 1)}: not valid YAML: {problem}"
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return f"{Place(name, line)}: holds a control character; is this a text file?"
    return f"{name}: not valid YAML: {error}"
