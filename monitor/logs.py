"""The log of a command: for people or as JSON, on standard error, without secrets."""

import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

from monitor.capture.live.redaction import redacted

Format = Literal["text", "json"]

LEVELS = ("debug", "info", "warning", "error")

ROOT = "monitor"
"""All loggers of the program are below this one; the level is theirs."""

_SYSLOG = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""sd-daemon(3): a line that begins with <N> gets this priority in systemd's journal."""


def set_up(form: Format, level: str, *, camera: str | None = None) -> None:
    """Log from `level` (of `LEVELS`) up to standard error, in this form; a second call replaces the first.

    `camera` is the camera of a process that serves one. Libraries are heard from warnings up. As JSON each
    line is one object, and what ends the program or a thread unexpectedly is one too.
    """
    handler = _StandardError()
    handler.setFormatter(_formatter(form, camera))
    handler.setLevel(level.upper())
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _StandardError)]:
        root.removeHandler(old)
    root.addHandler(handler)
    # Below warnings our own loggers alone are let through, and only where that was asked for.
    logging.getLogger(ROOT).setLevel(level.upper() if level in ("debug", "info") else logging.NOTSET)
    is_json = form == "json"
    logging.captureWarnings(is_json)
    sys.excepthook = _log_exception if is_json else sys.__excepthook__
    threading.excepthook = _log_thread_exception if is_json else threading.__excepthook__


def is_json() -> bool:
    """Return whether the log was asked for as JSON, so that a last sentence belongs there too."""
    handlers = logging.getLogger().handlers
    return any(isinstance(handler.formatter, JsonFormatter) for handler in handlers)


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: time (RFC 3339, UTC), level, logger, message, camera, exception.

    `camera` is the record's own (`extra={"camera": …}`), else the process's, else left out; so is
    `exception`, a traceback, where there is none.
    """

    def __init__(self, camera: str | None = None) -> None:
        super().__init__()
        self._camera = camera

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if (camera := getattr(record, "camera", self._camera)) is not None:
            line["camera"] = str(camera)
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A record for people: local time, level and message; a traceback follows where there is one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Return the text, which has several lines with a traceback."""
        return redacted(super().format(record))


class SystemdFormatter(TextFormatter):
    """The same for systemd's journal, which has a time of its own, and takes the level from the start."""

    def __init__(self) -> None:
        logging.Formatter.__init__(self, "%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the text with the priority before each line."""
        priority = f"<{_SYSLOG.get(record.levelno, 5)}>"
        return "\n".join(priority + line for line in super().format(record).splitlines())


def goes_to_systemd(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether a stream is the one that systemd says, in JOURNAL_STREAM, goes to its journal."""
    try:
        place = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{place.st_dev}:{place.st_ino}"


class _StandardError(logging.Handler):
    """Writes to what is standard error at that moment: a progress bar puts itself between."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


def _formatter(form: Format, camera: str | None) -> logging.Formatter:
    if form == "json":
        return JsonFormatter(camera)
    return SystemdFormatter() if goes_to_systemd(sys.stderr) else TextFormatter()


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(ROOT).critical("unexpected %s", kind.__name__, exc_info=(kind, error, trace))


def _log_thread_exception(given: threading.ExceptHookArgs) -> None:
    error: Any = (given.exc_type, given.exc_value, given.exc_traceback)
    name = given.thread.name if given.thread else "a thread"
    logging.getLogger(ROOT).critical("%s ended unexpectedly", name, exc_info=error)
