"""Files in real stores: what is written is there whole, and errors say what to do without a password."""

import os
import random
import shutil
from pathlib import Path

import pytest

from monitor.errors import MissingPackageError, OutputError, SourceError, SourceNotFoundError
from monitor.storage.address import joined
from monitor.storage.ranges import BLOCK_BYTES
from monitor.storage.store import Store

pytest_plugins = ("tests.storage.stores",)


def test_what_is_written_is_read_again(folder: str) -> None:
    store, address = Store(folder), joined(folder, "a", "b.json")
    store.write(address, b"one")
    store.write(address, b"two")
    assert store.read(address) == b"two"
    assert store.size_bytes(address) == 3
    assert [entry.address for entry in store.files_below(folder)] == [address]


def test_a_file_is_put_and_got_whole(folder: str, tmp_path: Path) -> None:
    content = random.Random(1).randbytes(3 * BLOCK_BYTES + 7)
    (tmp_path / "here.bin").write_bytes(content)
    store, address = Store(folder), joined(folder, "sub", "there.bin")
    store.put(tmp_path / "here.bin", address)
    store.get(address, tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == content


def test_ranges_of_a_file_are_those_of_the_file_itself(folder: str) -> None:
    content = random.Random(2).randbytes(5 * BLOCK_BYTES + 11)
    store, address = Store(folder), joined(folder, "long.bin")
    store.write(address, content)
    with store.open(address) as file:
        file.seek(-20, os.SEEK_END)
        assert file.read(100) == content[-20:]
        file.seek(3)
        assert file.read() == content[3:]


def test_a_folder_is_told_from_a_file_and_from_nothing(folder: str) -> None:
    store, address = Store(folder), joined(folder, "a", "b.json")
    assert not store.exists(address)
    assert not store.is_folder(joined(folder, "a"))
    store.write(address, b"{}")
    assert store.exists(address)
    assert store.is_folder(joined(folder, "a"))
    assert not store.is_folder(address)


def test_patterns_match_files_and_no_folders(folder: str) -> None:
    store = Store(folder)
    for name in ("a/x.mp4", "a/y.txt", "b/c/z.mp4"):
        store.write(joined(folder, name), b"1")
    (first,) = store.matching(joined(folder, "a", "*.mp4"))
    assert first.address == joined(folder, "a", "x.mp4")
    assert first.size_bytes == 1
    assert len(store.matching(joined(folder, "**", "*.mp4"))) == 2


def test_a_folder_is_removed_with_all_that_is_in_it_and_twice(folder: str) -> None:
    store = Store(folder)
    for name in ("a/x.mp4", "a/c/z.mp4", "b.txt"):
        store.write(joined(folder, name), b"1")
    store.remove_below(joined(folder, "a"))
    store.remove_below(joined(folder, "a"))
    assert [entry.address for entry in store.files_below(folder)] == [joined(folder, "b.txt")]


def test_what_is_not_there_is_told_with_its_address(folder: str) -> None:
    address = joined(folder, "nothing.mp4")
    with pytest.raises(SourceNotFoundError) as caught:
        Store(folder).open(address)
    assert str(caught.value) == f"{address} does not exist; check the address."


def test_a_bucket_that_is_not_there_is_told_when_writing(s3: str) -> None:
    with pytest.raises(OutputError, match="its bucket or folder does not exist"):
        Store("s3://no-such-bucket/a").write("s3://no-such-bucket/a/b.json", b"1")


def test_without_credentials_the_sentence_names_what_to_set(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(SourceError, match="set AWS_ACCESS_KEY_ID"):
        Store(s3).size_bytes(joined(s3, "a"))
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_host_that_is_not_known_is_refused(sftp: str, ssh_home: Path) -> None:
    known = ssh_home / ".ssh" / "known_hosts"
    lines = known.read_text()
    known.write_text("")
    try:
        with pytest.raises(SourceError, match="connect to it once with ssh and confirm the key"):
            Store(sftp.replace("sftp://", "sftp://other%20")).size_bytes(sftp)
    finally:
        known.write_text(lines)


def test_a_wrong_password_is_told_without_showing_it(
    sftp: str, ssh_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".ssh").mkdir()
    shutil.copy(ssh_home / ".ssh" / "known_hosts", tmp_path / ".ssh")
    monkeypatch.setenv("HOME", str(tmp_path))
    address = sftp.replace("@", ":h%40rd%2Ft0-guess@")
    with pytest.raises(SourceError) as caught:
        Store(address).size_bytes(address)
    assert "gu" not in str(caught.value)
    assert "refused" in str(caught.value)


def test_a_host_that_is_down_is_told(sftp: str) -> None:
    host, _, rest = sftp.rpartition(":")
    address = f"{host}:1/{rest.partition('/')[2]}"
    with pytest.raises(SourceError, match="cannot be read"):
        Store(address)


def test_a_missing_extra_is_one_sentence_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'motion-change-monitor\[cluster\]'"):
        Store("s3://cameras/a")
