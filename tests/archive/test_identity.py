"""Recordings are known by their content."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from monitor.archive.identity import identity_of, size_bytes_of
from monitor.capture.opening import Input
from monitor.errors import SourceNotFoundError

LARGE_BYTES = 3_000_000
"""More than is read as a whole."""


def written(path: Path, content: bytes) -> Input:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Input(str(path))


@pytest.fixture(scope="module")
def content() -> bytes:
    return np.random.default_rng(1).bytes(LARGE_BYTES)


def test_a_copy_under_another_name_is_the_same(tmp_path: Path, content: bytes) -> None:
    first = written(tmp_path / "a.mp4", content)
    assert identity_of(first) == identity_of(written(tmp_path / "b" / "c.mkv", content))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"x" + content[1:],
        lambda content: content[:-1] + b"x",
        lambda content: content + b"x",
        lambda content: content[: len(content) // 7 * 3] + bytes(400_000) + content[len(content) // 7 * 3 :],
    ],
    ids=["first byte", "last byte", "longer", "middle"],
)
def test_other_content_under_the_same_name_is_another(
    tmp_path: Path, content: bytes, change: Callable[[bytes], bytes]
) -> None:
    before = identity_of(written(tmp_path / "a.mp4", content))
    assert identity_of(written(tmp_path / "a.mp4", change(content))) != before


def test_of_a_small_file_every_byte_counts(tmp_path: Path) -> None:
    identities = set()
    for place in range(200):
        small = bytearray(200)
        small[place] = 1
        identities.add(identity_of(written(tmp_path / "a.mp4", bytes(small))))
    assert len(identities) == 200


def test_what_cannot_be_read_has_no_identity(tmp_path: Path) -> None:
    missing = Input("x", error=SourceNotFoundError("x does not exist; check the path."))
    assert identity_of(missing) is None
    assert identity_of(Input(str(tmp_path / "gone.mp4"))) is None
    assert identity_of(Input("/dev/null")) is None
    assert identity_of(written(tmp_path / "empty.mp4", b"")) is None
    assert size_bytes_of(Input(str(tmp_path / "gone.mp4"))) == 0


def test_images_are_known_by_their_sizes_and_content(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:03d}.jpg" for number in range(100)]
    for path in paths:
        path.write_bytes(path.name.encode())
    images = Input(str(tmp_path), tuple(paths))
    before = identity_of(images)
    assert before == identity_of(Input("elsewhere", tuple(paths)))
    assert before != identity_of(Input(str(tmp_path), tuple(paths[:-1])))
    paths[0].write_bytes(b"another")
    assert identity_of(images) != before
    assert size_bytes_of(images) == 100 * 7


def test_a_url_is_known_by_itself() -> None:
    assert identity_of(Input("http://a/b.mp4")) != identity_of(Input("http://a/c.mp4")) is not None
