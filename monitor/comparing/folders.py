"""Two folders paired by the names of their pictures."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from monitor.capture.listing import is_image, natural_order
from monitor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures of one name; `name` is the path of A's below its folder."""

    name: str
    a: Path
    b: Path


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs in natural order, and the names of what has no partner."""

    pairs: tuple[Pair, ...]
    only_in_a: tuple[str, ...]
    only_in_b: tuple[str, ...]


def paired(a: Path, b: Path) -> Pairing:
    """Return the pictures of two folders and their subfolders, paired by name.

    Where the whole name has no partner, one that differs in the suffix alone is taken: a.png and a.jpg.
    Hidden files are left out. Raises `UsageError` where a folder holds no pictures.
    """
    in_a, in_b = _pictures(a), _pictures(b)
    partners = {name: name for name in in_a if name in in_b}
    rest_a, rest_b = ([name for name in names if name not in partners] for names in (in_a, in_b))
    partners |= _by_stem(rest_a, rest_b)
    taken = set(partners.values())
    return Pairing(
        tuple(Pair(name, a / name, b / partners[name]) for name in in_a if name in partners),
        tuple(name for name in in_a if name not in partners),
        tuple(name for name in in_b if name not in taken),
    )


def _pictures(folder: Path) -> list[str]:
    try:
        found = [path.relative_to(folder) for path in folder.rglob("*") if is_image(path) and path.is_file()]
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror or error}.") from None
    shown = [path for path in found if not any(part.startswith(".") for part in path.parts)]
    if not shown:
        raise UsageError(f"{folder} holds no pictures; name a folder with JPEG, PNG or other images.")
    return [path.as_posix() for path in natural_order(shown)]


def _by_stem(a: list[str], b: list[str]) -> dict[str, str]:
    stems: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, names in enumerate((a, b)):
        for name in names:
            stems[Path(name).with_suffix("").as_posix()][side].append(name)
    return {x[0]: y[0] for x, y in stems.values() if len(x) == len(y) == 1}
