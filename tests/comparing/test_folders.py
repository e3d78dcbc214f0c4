"""Folders are paired by the names of their pictures."""

from pathlib import Path

import pytest

from monitor.comparing.folders import paired
from monitor.errors import UsageError


def folder(path: Path, *names: str) -> Path:
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).touch()
    return path


def test_pictures_of_one_name_are_a_pair_and_the_rest_is_told(tmp_path: Path) -> None:
    a = folder(tmp_path / "a", "2.png", "10.png", "sub/x.jpg", "gone.png", "notes.txt", ".hidden.png")
    b = folder(tmp_path / "b", "2.png", "10.png", "sub/x.jpg", "new.png")
    pairing = paired(a, b)
    assert [pair.name for pair in pairing.pairs] == ["2.png", "10.png", "sub/x.jpg"]
    assert (pairing.only_in_a, pairing.only_in_b) == (("gone.png",), ("new.png",))


def test_one_saved_in_another_format_is_a_partner_unless_there_are_two(tmp_path: Path) -> None:
    a = folder(tmp_path / "a", "1.png", "2.png")
    b = folder(tmp_path / "b", "1.jpg", "2.jpg", "2.webp")
    pairing = paired(a, b)
    assert [(pair.a.name, pair.b.name) for pair in pairing.pairs] == [("1.png", "1.jpg")]
    assert (pairing.only_in_a, pairing.only_in_b) == (("2.png",), ("2.jpg", "2.webp"))


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="b holds no pictures; name a folder with JPEG"):
        paired(folder(tmp_path / "a", "1.png"), folder(tmp_path / "b", "1.txt"))
