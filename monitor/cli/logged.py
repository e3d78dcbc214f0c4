"""The options of every command that logs."""

import inspect
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any

import typer


class LogFormat(StrEnum):
    """How a line of the log looks."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From where up is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_Format = Annotated[
    LogFormat,
    typer.Option("--log-format", envvar="MONITOR_LOG_FORMAT", help="json: one object a line, for machines."),
]
_Level = Annotated[
    LogLevel,
    typer.Option("--log-level", envvar="MONITOR_LOG_LEVEL", help="The least that is logged."),
]
_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_OPTIONS = (
    inspect.Parameter("log_format", _KEYWORD, default=LogFormat.TEXT, annotation=_Format),
    inspect.Parameter("log_level", _KEYWORD, default=LogLevel.WARNING, annotation=_Level),
)


def add_log_options(*groups: typer.Typer) -> None:
    """Give every command that is in these groups by now --log-format and --log-level."""
    for group in groups:
        for command in group.registered_commands:
            assert command.callback is not None
            command.callback = _logged(command.callback)


def _logged(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def run(*args: Any, log_format: LogFormat, log_level: LogLevel, **options: Any) -> Any:
        from monitor.logs import set_up

        set_up(log_format.value, log_level.value)
        return command(*args, **options)

    given = inspect.signature(command)
    signed: Any = run
    signed.__signature__ = given.replace(parameters=[*given.parameters.values(), *_OPTIONS])
    return run
