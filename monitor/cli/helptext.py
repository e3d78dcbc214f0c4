"""The help of commands from their docstrings, as wide as the terminal is."""

import inspect

import typer


def let_help_flow(*groups: typer.Typer) -> None:
    """Join the lines of each paragraph in the help of every command that is in these groups by now.

    Typer keeps the line breaks of docstrings, which stand where the source is full and not the terminal.
    """
    for group in groups:
        for command in group.registered_commands:
            written = command.help or inspect.getdoc(command.callback) or ""
            paragraphs = (" ".join(paragraph.split()) for paragraph in written.split("\n\n"))
            command.help = "\n\n".join(paragraphs)
