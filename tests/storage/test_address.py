"""Addresses in their parts, and as people are shown them."""

import pytest

from monitor.errors import UsageError
from monitor.storage.address import Address, is_stored, joined, parse, shown


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("s3://bucket", Address("s3", "bucket", "")),
        ("s3://bucket/a b/c@d.mp4", Address("s3", "bucket", "/a b/c@d.mp4")),
        ("s3://id:se%2Fcret@bucket/a", Address("s3", "bucket", "/a", None, "id", "se/cret")),
        ("SFTP://host/a", Address("sftp", "host", "/a")),
        ("sftp://user@host:2222/a", Address("sftp", "host", "/a", 2222, "user")),
        ("sftp://user:p%40ss@[::1]:22/a", Address("sftp", "::1", "/a", 22, "user", "p@ss")),
        ("memory:///a", Address("memory", "", "/a")),
    ],
)
def test_an_address_is_taken_apart(address: str, parts: Address) -> None:
    assert parse(address) == parts


@pytest.mark.parametrize("address", ["s3://", "sftp:///a", "sftp://user:pa/ss@host/a"])
def test_an_address_without_host_or_with_a_bare_password_is_told(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(address)
    assert "pa" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("sftp://user:secret@host/a", "sftp://host/a"),
        ("sftp://user:se/cr@et@host/a", "sftp://host/a"),
        ("sftp://user@host/a", "sftp://user@host/a"),
        ("s3://bucket/gate@home/a.mp4", "s3://bucket/gate@home/a.mp4"),
        ("a:b@c.mp4", "a:b@c.mp4"),
    ],
)
def test_a_password_is_never_shown_and_a_path_stays_as_it_is(address: str, seen: str) -> None:
    assert shown(address) == seen


def test_the_representation_of_the_parts_holds_no_password() -> None:
    assert "secret" not in repr(parse("sftp://user:secret@host/a"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("s3://b/a", True),
        ("sftp://h/a", True),
        ("https://h/a.mp4", False),
        ("s3", False),
        ("s3/a.mp4", False),
    ],
)
def test_what_ffmpeg_opens_itself_is_no_stored_file(address: str, expected: bool) -> None:
    assert is_stored(address) == expected


def test_names_are_joined_with_one_slash() -> None:
    assert joined("s3://b/a/", "c", "d.mp4") == "s3://b/a/c/d.mp4"
