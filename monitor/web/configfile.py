"""The settings file, changed key by key: comments and order stay, and nothing wrong is ever written."""

import hashlib
import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from monitor.errors import OutputError, SettingsError, UsageError
from monitor.outputs.layout import writing

KeyPath = tuple[str, ...]


class OutdatedError(UsageError):
    """The file was changed by somebody else since it was read."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value to be set at a path of keys, or taken out where `value` is None: the default then counts."""

    path: KeyPath
    value: Any


@dataclass(frozen=True, slots=True)
class Rename:
    """An entry of a map gets another name, in its place and with its comments."""

    path: KeyPath
    to: str


def version_of(path: Path) -> str:
    """Return a text that is another one whenever the file's content is; that of no file is empty."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except FileNotFoundError:
        return ""


def change(
    path: Path, version: str, changes: Iterable[Change | Rename], check: Callable[[Path], object]
) -> None:
    """Change a settings file, whole or not at all.

    `check` is given a file with the new content beside it, and raises `SettingsError` where that is wrong:
    then nothing is changed, and what it raises names the real file. Raises `OutdatedError` where the file is
    not what it was at `version`, `OutputError` where the disk does not take it.
    """
    if version_of(path) != version:
        raise OutdatedError(f"{path.name} was changed by somebody else meanwhile; load it again")
    text = _changed(path.read_text(encoding="utf-8") if path.exists() else "", changes)
    trial = path.with_name(f".{path.name}.{os.getpid()}")
    with writing(path):
        try:
            with trial.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            trial.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o600)
            _checked(trial, path, check)
            trial.replace(path)
        finally:
            trial.unlink(missing_ok=True)


def _checked(trial: Path, path: Path, check: Callable[[Path], object]) -> None:
    try:
        check(trial)
    except SettingsError as error:
        raise SettingsError([one.replace(str(trial), path.name) for one in error.problems]) from None


def _changed(text: str, changes: Iterable[Change | Rename]) -> str:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    root = yaml.load(text)
    if root is None:
        root = CommentedMap()
    if not isinstance(root, CommentedMap):
        raise OutputError("The settings file holds no keys at its top; mend it by hand.")
    for one in changes:
        if isinstance(one, Rename):
            _rename(root, one)
        else:
            _set(root, one)
    stream = io.StringIO()
    yaml.dump(root, stream)
    comments = text if not root and text.strip() and not text.strip().startswith("{") else ""
    return comments or stream.getvalue()


def _set(root: CommentedMap, change: Change) -> None:
    *above, last = change.path
    section = root
    for key in above:
        inner = section.get(key)
        if not isinstance(inner, CommentedMap):
            if change.value is None:
                return
            inner = section[key] = CommentedMap()
        section = inner
    if change.value is None:
        section.pop(last, None)
    else:
        section[last] = _flowing(change.value)


def _rename(root: CommentedMap, rename: Rename) -> None:
    *above, last = rename.path
    section: Any = root
    for key in above:
        section = section.get(key) if isinstance(section, CommentedMap) else None
    if not isinstance(section, CommentedMap) or last not in section:
        raise SettingsError(
            [f"{'.'.join(rename.path)}: is not in the file, so it has no name to change there"]
        )
    if rename.to in section:
        raise SettingsError([f"{'.'.join(rename.path)}: there is one named {rename.to!r} already"])
    position, comments = list(section).index(last), section.ca.items.get(last)
    section.insert(position, rename.to, section.pop(last))
    if comments is not None:
        section.ca.items[rename.to] = comments


def _flowing(value: Any) -> Any:
    """Return lists as they are written in one line, such as the corners of a zone."""
    if isinstance(value, dict):
        return CommentedMap((key, _flowing(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        found = CommentedSeq(_flowing(one) for one in value)
        found.fa.set_flow_style()
        return found
    return value
