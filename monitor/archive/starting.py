"""Starts the processes that do jobs: soon, for one loads for as long as the program that wants it."""

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from typing import Any

from monitor.environment import own_environment

END_S = 2.0
"""So long a killed process may take to be gone: one that waits for a dead disk cannot be ended at all."""


@dataclass(frozen=True, slots=True)
class Started:
    """A process that loads what jobs need and then does them (see `worker`), and the way to talk with it."""

    process: "subprocess.Popen[bytes]"
    connection: "Connection[Any, Any]"

    def end(self) -> int | None:
        """Kill it, if it still runs, and return its exit code; None where it cannot be ended."""
        self.process.kill()
        self.connection.close()
        return exit_code(self.process)


def start_worker() -> Started:
    """Start a process for jobs; it ends when the other end of its connection is gone."""
    ours, theirs = Pipe()
    level = logging.getLogger("monitor").getEffectiveLevel()
    program = "from monitor.archive.worker import main; main()"
    command = [sys.executable, "-c", program, str(theirs.fileno()), str(level)]
    # Ctrl-C is for the program as a whole, which asks its processes for an orderly end itself. Blocked,
    # not ignored: one that comes in between is not lost for this process.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sys.__stderr__ and sys.__stderr__.fileno(),  # what libraries print is no result
            pass_fds=(theirs.fileno(),),
            env=own_environment(),
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        theirs.close()
    return Started(process, ours)


@contextmanager
def started_early(*, wanted: bool) -> Iterator[Started | None]:
    """Give a process that is started at once, None where none is wanted; at the end it is gone."""
    worker = start_worker() if wanted else None
    try:
        yield worker
    finally:
        if worker is not None:
            worker.end()


def exit_code(process: "subprocess.Popen[bytes]") -> int | None:
    """Return a process's exit code once it is gone; None where it is not even when killed."""
    try:
        return process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return None
