"""A command, run without a shell, that gets the event as JSON on its standard input."""

import json
import logging
import os
import signal
import subprocess
import tempfile
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import IO

from monitor.alerts.channel import Channel, DeliveryError
from monitor.alerts.message import payload_of
from monitor.alerts.outbox import StoredAlert

log = logging.getLogger(__name__)

MOST_OUTPUT_BYTES = 4000
"""The end of what a command says is where it says what went wrong."""


class Command(Channel):
    """Runs `command` for each alert. An exit code other than 0 is a failure, and so is `timeout_s`.

    The command is the leader of a process group of its own, which is killed as a whole. It does not get
    the environment variables in `hidden`, which hold the secrets of other channels.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        timeout_s: float,
        hidden: Collection[str] = (),
    ) -> None:
        super().__init__(name)
        self._command = list(command)
        self._timeout_s = timeout_s
        self._hidden = hidden
        self._process: subprocess.Popen[bytes] | None = None

    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        """Run the command and wait for its end."""
        given = json.dumps(payload_of(alerts), ensure_ascii=False, allow_nan=False).encode() + b"\n"
        # A file, not a pipe: what the command leaves running would hold a pipe open.
        with tempfile.TemporaryFile() as output:
            code = self._run(given, output)
            said = _end_of(output)
        if said:
            log.info("%s said: %s", self.name, said)
        if code != 0:
            ended = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            raise DeliveryError(f"{self._command[0]} {ended}" + (f": {said}" if said else ""))

    def interrupt(self) -> None:
        """Kill the command that is running."""
        if self._process is not None:
            _kill(self._process)

    def _run(self, given: bytes, output: IO[bytes]) -> int:
        environment = {name: value for name, value in os.environ.items() if name not in self._hidden}
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environment,
            )
        except OSError as error:
            raise DeliveryError(f"{self._command[0]} cannot be run: {error.strerror}") from None
        try:
            with self._process as process:
                try:
                    process.communicate(given, timeout=self._timeout_s)
                except subprocess.TimeoutExpired:
                    _kill(process)
                    raise DeliveryError(
                        f"{self._command[0]} was killed, for it ran longer than {self._timeout_s:g} s"
                    ) from None
                return process.returncode
        finally:
            self._process = None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a command and all of its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _end_of(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(size - MOST_OUTPUT_BYTES, 0))
    return " ".join(output.read().decode("utf-8", "replace").split())
