"""The errors that the program raises on purpose.

    MonitorError
    ├── UsageError          (ValueError)         the call or the settings are wrong; exit code 2
    │   └── SettingsError                        one or more settings; carries all problems
    ├── SourceError         (OSError)            pictures cannot be read; exit code 3
    │   ├── SourceNotFoundError (FileNotFoundError)
    │   └── SourceFormatError                    it exists, but holds no video that can be decoded
    ├── OutputError         (OSError)            something cannot be written; exit code 3
    │   └── OutputExistsError (FileExistsError)
    ├── ClusterError                         the machines that share the work cannot be reached; exit code 3
    └── MissingPackageError (ImportError)        an extra or a system library is needed

Each message names the thing, the limit and the next step, and is fit to be shown to a user as it is.
A user's mistake never shows a traceback; anything that is not a `MonitorError` is a bug and does.
"""


class MonitorError(Exception):
    """Base of all errors raised on purpose."""

    exit_code = 1

    def __str__(self) -> str:
        # OSError and ImportError would show an errno or a module name instead of the sentence.
        return " ".join(str(arg) for arg in self.args)


class UsageError(MonitorError, ValueError):
    """The call or the settings are wrong."""

    exit_code = 2


class SettingsError(UsageError):
    """One or more settings are wrong; `problems` holds one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SourceError(MonitorError, OSError):
    """Pictures cannot be read from a source."""

    exit_code = 3


class SourceNotFoundError(SourceError, FileNotFoundError):
    """Nothing is at the given place."""


class SourceFormatError(SourceError):
    """Something is there, but no video or image that can be decoded."""


class OutputError(MonitorError, OSError):
    """Something cannot be written."""

    exit_code = 3


class OutputExistsError(OutputError, FileExistsError):
    """What would be written exists already and is never overwritten silently."""


class ClusterError(MonitorError):
    """The machines that share the work cannot be reached, or cannot do it."""

    exit_code = 3


class MissingPackageError(MonitorError, ImportError):
    """A Python package or system library is needed that is not installed."""

    exit_code = 2
