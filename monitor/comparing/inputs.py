"""What a call names to be compared: two pictures, two folders, or two videos."""

from enum import StrEnum
from pathlib import Path

from monitor.comparing.pictures import is_animation, is_picture
from monitor.errors import UsageError


class Kind(StrEnum):
    """What can be compared with its like; an animation is a video."""

    IMAGE = "image"
    FOLDER = "folder"
    VIDEO = "video"


def kind_of(path: Path) -> Kind:
    """Return what is at a path; raises `UsageError` where there is nothing."""
    if not path.exists():
        raise UsageError(f"{path} does not exist; check the path.")
    if path.is_dir():
        return Kind.FOLDER
    return Kind.IMAGE if is_picture(path) and not is_animation(path) else Kind.VIDEO


def common_kind(a: Path, b: Path) -> Kind:
    """Return the kind of both; raises `UsageError` where they are not alike."""
    kinds = kind_of(a), kind_of(b)
    if kinds[0] is kinds[1]:
        return kinds[0]
    both = f"{a} is {_article(kinds[0])} and {b} {_article(kinds[1])}"
    sentence = f"{both}; give two images, two folders or two videos"
    if set(kinds) == {Kind.IMAGE, Kind.VIDEO}:
        image, video = (a, b) if kinds[0] is Kind.IMAGE else (b, a)
        sentence += f", or a reference for a recording: monitor compare {video} --against {image}"
    raise UsageError(sentence + ".")


def _article(kind: Kind) -> str:
    return f"{'an' if kind is Kind.IMAGE else 'a'} {kind}"
