"""A real PostgreSQL server of the test's own; import the fixture `cluster` where it is wanted."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.outputs.journal.address import Place, journal_url


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server of the test's own, reached by a socket in a folder."""

    programs: Path
    folder: Path

    def control(self, *arguments: str) -> None:
        """Run pg_ctl and wait until it is done."""
        data, log = str(self.folder / "data"), str(self.folder / "log")
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self.run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", *arguments)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; as root it refuses to run."""
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*user, str(self.programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def make(self, database: str) -> str:
        """Make an empty database and return its address, as the settings take it."""
        self.run("createdb", "-h", str(self.folder), "-U", "postgres", database)
        return self._url(database)

    def place(self, database: str) -> Place:
        """Return the address of a database as the journal takes it."""
        return journal_url(self._url(database), Path())

    def _url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running server; skipped where PostgreSQL is not installed."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed")
    if os.geteuid() == 0 and subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    # Not below pytest's folder: a socket's name is short, and that folder is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Cluster(found[-1].parent, folder)
    try:
        server.run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync")
        server.control("start")
        yield server
        server.control("-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
