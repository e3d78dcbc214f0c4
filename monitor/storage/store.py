"""What is done with files by address: list, read ranges, write, rename; fsspec does it."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import MissingPackageError, OutputError, SourceError, SourceNotFoundError
from monitor.storage.address import Address, parse, shown
from monitor.storage.ranges import RangeReader

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_CONNECT_S = 10
_READ_S = 30
"""A store that does not answer for so long is told as out of reach: it is in the same building or a data
centre, where answers take milliseconds."""

_ATTEMPTS = 4
"""Of each request to an object store, with growing pauses: these answer "slow down" to many
workers at once."""

_NEEDS = {"s3": "s3fs", "sftp": "paramiko"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored file; `address` is complete, with name and password where they were given."""

    address: str
    size_bytes: int


class Store:
    """The store that an address names. All addresses given to it must be of the same store.

    What fails raises `SourceError` where it reads (`SourceNotFoundError` where nothing is there) and
    `OutputError` where it writes, with a sentence that shows no password. Raises `MissingPackageError`
    where the extra is not installed.
    """

    def __init__(self, address: str) -> None:
        self._base = parse(address)
        self._prefix = address[: len(address) - len(self._base.path)]
        with self._telling(address):
            self._files = _filesystem(self._base)

    def size_bytes(self, address: str) -> int:
        """Return the size of a file."""
        with self._telling(address):
            return int(self._files.info(self._path(address))["size"])

    def modified(self, address: str) -> datetime | None:
        """Return when a file was last written, None where the store does not say."""
        with self._telling(address):
            info = self._files.info(self._path(address))
        moment = info.get("LastModified") or info.get("mtime") or info.get("created")
        return moment if isinstance(moment, datetime) else None

    def parts(self, address: str, spans: Sequence[tuple[int, int]]) -> list[bytes]:
        """Return the bytes of a file from each span's start to its end, all at once where that can be."""
        path = self._path(address)
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        with self._telling(address):
            found = self._files.cat_ranges([path] * len(spans), starts, ends, on_error="raise")
            return [bytes(part) for part in found]

    def is_folder(self, address: str) -> bool:
        """Tell whether something lies below the address."""
        with self._telling(address):
            return bool(self._files.isdir(self._path(address)))

    def exists(self, address: str) -> bool:
        """Tell whether there is a file or a folder."""
        with self._telling(address):
            return bool(self._files.exists(self._path(address)))

    def files_below(self, address: str) -> list[Entry]:
        """Return all files below a folder, its subfolders too, in no order; none where there is no folder."""
        with self._telling(address):
            found = self._files.find(self._path(address), detail=True)
            return [Entry(self._address(path), int(info["size"])) for path, info in found.items()]

    def matching(self, pattern: str) -> list[Entry]:
        """Return the files that match a pattern with *, ?, [ and **, in no order."""
        with self._telling(pattern):
            found = self._files.glob(self._path(pattern), detail=True)
            return [
                Entry(self._address(path), int(info["size"]))
                for path, info in found.items()
                if info["type"] != "directory"
            ]

    def open(self, address: str) -> RangeReader:
        """Return a file object that fetches the ranges that are read."""
        path = self._path(address)
        size_bytes = self.size_bytes(address)
        if self._base.scheme == "sftp":
            from monitor.storage.sftp import ranges_of

            with self._telling(address):
                fetch, release = ranges_of(self._files, path)
        else:

            def fetch(start: int, end: int) -> bytes:
                return bytes(self._files.cat_file(path, start=start, end=end))

            def release() -> None:
                pass

        def told(start: int, end: int) -> bytes:
            with self._telling(address):
                content = fetch(start, end)
            if len(content) != end - start:
                raise SourceError(f"{shown(address)} has become shorter while it was read.")
            return content

        return RangeReader(told, size_bytes, release)

    def read(self, address: str) -> bytes:
        """Return the content of a small file."""
        with self._telling(address):
            return bytes(self._files.cat_file(self._path(address)))

    def read_all(self, addresses: Sequence[str]) -> list[bytes]:
        """Return the contents of small files, several fetched at a time where the store can do that."""
        if not addresses:
            return []
        paths = [self._path(address) for address in addresses]
        with self._telling(addresses[0]):
            found = self._files.cat(paths)
            return [bytes(found[path]) for path in paths]

    def get_all(self, wanted: Sequence[tuple[str, Path]]) -> None:
        """Copy stored files to local ones, several at a time where the store can do that."""
        if wanted:
            with self._telling(wanted[0][0]):
                sources, targets = [self._path(one) for one, _ in wanted], [str(path) for _, path in wanted]
                self._files.get(sources, targets)

    def write(self, address: str, content: bytes) -> None:
        """Put a small file in place, whole or not at all."""
        with self._whole(address) as path:
            self._files.pipe_file(path, content)

    def put(self, local: Path, address: str) -> None:
        """Copy a local file to its place, whole or not at all."""
        with self._whole(address) as path:
            self._files.put_file(str(local), path)

    def get(self, address: str, local: Path) -> None:
        """Copy a stored file to a local one."""
        with self._telling(address):
            self._files.get_file(self._path(address), str(local))

    def remove_below(self, address: str) -> None:
        """Remove a folder with all that is in it, if it is there."""
        with self._telling(address, OutputError):
            path = self._path(address)
            if self._files.exists(path):
                self._files.rm(path, recursive=True)

    @contextmanager
    def _whole(self, address: str) -> Iterator[str]:
        """Give the path to write to: an object appears only when it is whole, a file is renamed then."""
        path = self._path(address)
        with self._telling(address, OutputError):
            if self._base.scheme != "sftp":
                yield path
                return
            folder, _, name = path.rpartition("/")
            self._files.makedirs(folder, exist_ok=True)
            growing = f"{folder}/.{name}.part-{os.getpid()}"
            try:
                yield growing
                self._files.ftp.posix_rename(growing, path)
            finally:
                if self._files.exists(growing):
                    self._files.rm_file(growing)

    def _path(self, address: str) -> str:
        """Return what fsspec calls the address within its store."""
        path = parse(address).path
        return f"{self._base.host}{path}".rstrip("/") if self._base.scheme == "s3" else path or "/"

    def _address(self, path: str) -> str:
        """Return the address of a path of fsspec's."""
        if self._base.scheme == "s3":
            path = path[len(self._base.host) :]
        return f"{self._prefix}{path}"

    @contextmanager
    def _telling(self, address: str, kind: type[SourceError | OutputError] = SourceError) -> Iterator[None]:
        """Turn what the libraries raise into our own error of this kind."""
        name = shown(address)
        try:
            yield
        except (SourceError, OutputError):
            raise
        except FileNotFoundError as error:
            if kind is SourceError:
                raise SourceNotFoundError(f"{name} does not exist; check the address.") from error
            raise kind(
                f"{name} cannot be written: its bucket or folder does not exist; make it first."
            ) from error
        except _faults(self._base.scheme) as error:
            if isinstance(error, _refusals(self._base.scheme)):
                raise kind(f"{name} may not be reached: {_rights(self._base)}") from error
            reason = _without(self._base.password, str(error) or type(error).__name__).rstrip(".")
            verb = "written" if kind is OutputError else "read"
            raise kind(f"{name} cannot be {verb} ({reason}).") from error


def _filesystem(place: Address) -> "AbstractFileSystem":
    """Return fsspec's connection to the store; one for each process, kept by fsspec."""
    try:
        import fsspec

        if place.scheme == "s3":
            _quiet("aiobotocore", "botocore", "s3fs")
            return fsspec.filesystem(
                "s3",
                key=place.username,
                secret=place.password,
                use_listings_cache=False,  # a camera may be writing there
                config_kwargs={
                    "connect_timeout": _CONNECT_S,
                    "read_timeout": _READ_S,
                    "retries": {"max_attempts": _ATTEMPTS},
                },
            )
        if place.scheme == "sftp":
            from monitor.storage.sftp import connection

            _quiet("paramiko")
            return connection(place, _CONNECT_S)
        return fsspec.filesystem(place.scheme)
    except ImportError as error:
        package = _NEEDS.get(place.scheme, "fsspec")
        raise MissingPackageError(
            f"{place.scheme}:// needs the package {package}, which is not installed; "
            "install it with: pip install 'motion-change-monitor[cluster]'"
        ) from error


def _quiet(*names: str) -> None:
    """Keep libraries from logging what is told as an error anyway."""
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _faults(scheme: str) -> tuple[type[Exception], ...]:
    """Return what the library of a scheme raises when a store fails."""
    if scheme == "s3":
        from botocore.exceptions import BotoCoreError, ClientError

        return OSError, BotoCoreError, ClientError
    if scheme == "sftp":
        from paramiko import SSHException

        return OSError, SSHException, EOFError
    return (OSError,)


def _refusals(scheme: str) -> tuple[type[Exception], ...]:
    """Return those of them that mean that who asks has no right, or is not known."""
    if scheme == "s3":
        from botocore.exceptions import NoCredentialsError

        return PermissionError, NoCredentialsError
    if scheme == "sftp":
        from paramiko import AuthenticationException

        return PermissionError, AuthenticationException
    return (PermissionError,)


def _rights(place: Address) -> str:
    if place.scheme == "s3":
        return (
            "no right, or no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
            "(and AWS_ENDPOINT_URL for a store of your own)."
        )
    return f"the host refused the user; try `ssh {place.host}`, and use a key that the agent holds."


def _without(password: str | None, text: str) -> str:
    return text.replace(password, "***") if password else text
