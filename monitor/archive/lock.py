"""One scan at a time into a folder."""

import fcntl
import os
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Self

from monitor.errors import UsageError
from monitor.outputs.layout import writing

NAME = ".lock"

_WAIT_S = 2.0
"""What a scan that was killed a moment ago still holds is free after so long: its processes just end."""

_LOOK_S = 0.05


class FolderLock:
    """Holds an output folder for this process and those that get `fd`; a context manager.

    The folder is made where it is not there. Free again once all that hold it are gone, however they ended.
    Entering raises `UsageError` where another scan holds it, `OutputError` where nothing can be written.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self.fd = -1

    def __enter__(self) -> Self:
        with writing(self._out):
            self._out.mkdir(parents=True, exist_ok=True)
            self.fd = os.open(self._out / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._take()
        except BaseException:
            os.close(self.fd)
            raise
        with writing(self._out):
            os.ftruncate(self.fd, 0)
            os.pwrite(self.fd, f"{os.getpid()} {datetime.now():%Y-%m-%d %H:%M}\n".encode(), 0)
        return self

    def __exit__(self, *unused: object) -> None:
        os.close(self.fd)

    def _take(self) -> None:
        give_up_s = time.monotonic() + _WAIT_S
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            pid, _, since = os.pread(self.fd, 64, 0).decode(errors="replace").strip().partition(" ")
            if _is_alive(pid) or time.monotonic() > give_up_s:
                raise UsageError(
                    f"{self._out} is being written to by another scan (process {pid or 'unknown'}, "
                    f"since {since or 'a moment ago'}). Wait for its end, or choose another --out."
                )
            time.sleep(_LOOK_S)


def _is_alive(pid: str) -> bool:
    return pid.isdecimal() and Path("/proc", pid).exists()
