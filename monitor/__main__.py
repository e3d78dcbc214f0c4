"""The program as a process: runs a command and turns what it raises into a sentence and an exit code."""

import logging
import os
import sys

from monitor.errors import MissingPackageError, MonitorError

BROKEN_PIPE_EXIT_CODE = 1
"""What the reader of the output did not wait for may not be told as success (as Python itself does)."""

INTERRUPTED_EXIT_CODE = 130
"""128 + SIGINT, the convention of shells."""


def main() -> None:
    """Run the command line and end the process with the command's exit code.

    A `MonitorError` becomes its sentence on standard error and its exit code, Ctrl-C ends with 130, a
    reader that went away (`| head`) ends it without a word. Any other exception is a bug and passes.
    """
    try:
        _run()
    except MonitorError as error:
        _leave(str(error), error.exit_code)
    except KeyboardInterrupt:
        _leave("interrupted", INTERRUPTED_EXIT_CODE)
    except BrokenPipeError:
        # What is still in the buffer would be flushed, and fail again, when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BROKEN_PIPE_EXIT_CODE)
    except ImportError as error:
        from monitor.health.software import missing_library_sentence

        sentence = missing_library_sentence(error)
        if sentence is None:
            raise
        _leave(sentence, MissingPackageError.exit_code)


def _run() -> None:
    from monitor.cli.app import app

    try:
        app(prog_name="monitor")
    finally:
        if sys.stdout:
            sys.stdout.flush()


def _leave(sentence: str, exit_code: int) -> None:
    from monitor.logs import ROOT, is_json

    if is_json():
        logging.getLogger(ROOT).critical("%s", sentence)
    else:
        sys.stderr.write(sentence + "\n")
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
