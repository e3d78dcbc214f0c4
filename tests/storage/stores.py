"""One store of each kind, as an empty folder of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.servers import BUCKET, s3_server, ssh_server


@pytest.fixture(scope="session")
def s3_environment() -> Iterator[dict[str, str]]:
    with s3_server() as environment:
        yield environment


@pytest.fixture(scope="session")
def ssh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def ssh_address(ssh_home: Path) -> Iterator[str]:
    with ssh_server(ssh_home) as address:
        yield address


@pytest.fixture
def s3(s3_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of an empty folder in an object store."""
    import s3fs

    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    files = s3fs.S3FileSystem()
    if not files.exists(BUCKET):
        files.mkdir(BUCKET)
    return f"s3://{BUCKET}/{tmp_path.name}"


@pytest.fixture
def sftp(ssh_address: str, ssh_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of an empty folder on a host that speaks SFTP."""
    monkeypatch.setenv("HOME", str(ssh_home))
    return f"{ssh_address}{tmp_path}"


@pytest.fixture
def memory(tmp_path: Path) -> str:
    """The address of an empty folder in memory."""
    pytest.importorskip("fsspec", reason="fsspec is not installed: pip install -e '.[cluster]'")
    return f"memory://{tmp_path}"


@pytest.fixture(params=["s3", "sftp", "memory"])
def folder(request: pytest.FixtureRequest) -> str:
    """The address of an empty folder, in one store of each kind after the other."""
    return str(request.getfixturevalue(request.param))
