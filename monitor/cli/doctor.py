"""`monitor doctor`: is this machine ready."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import File, Json, Overrides
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.health.check import Check
    from monitor.settings import Settings

EPILOG = (
    "Example: [cyan]monitor doctor --config driveway.yaml[/]\n\n"
    "Example: [cyan]monitor doctor --alert phone --config driveway.yaml[/]\n\n"
    "Example: [cyan]monitor doctor --inject driveway.mp4 --config driveway.yaml[/]\n\n"
    "Exit code: 0 ready (there may be warnings), 1 a problem needs attention, 2 wrong use."
)


Channels = Annotated[
    list[str] | None,
    typer.Option(
        "--alert",
        metavar="NAME",
        help="Send a test through this alert channel, and look at nothing else; may be repeated.",
    ),
]


Source = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE", help="With --inject: a recording, or a camera by name or address."),
]
Inject = Annotated[
    bool,
    typer.Option(
        "--inject",
        help="Paint walkers into the picture and say which is the smallest and which the slowest that would "
        "be found, in each zone, by day and by night; look at nothing else.",
    ),
]
Contrast = Annotated[
    float,
    typer.Option(
        "--contrast",
        metavar="LEVELS",
        min=1,
        max=120,
        help="With --inject: how many grey levels the walker differs from what is behind it, by day.",
    ),
]
Height = Annotated[
    float | None,
    typer.Option(
        "--height",
        metavar="FRACTION",
        min=0.01,
        max=0.9,
        help="With --inject: height of the slow walker, of the picture's; else twice the smallest found.",
    ),
]

_CONTRAST = 40.0
"""A grey jacket before a hedge or a pavement; skin, white and black stand out more."""


def doctor(
    source: Source = None,
    config: File = None,
    alert: Channels = None,
    inject: Inject = False,
    contrast: Contrast = _CONTRAST,
    height: Height = None,
    overrides: Overrides = None,
    as_json: Json = False,
) -> None:
    """Say whether this machine is ready: software, codecs, disk, cameras, clock; and what to do where not.

    Every codec is tried on a small clip, and 16 MB are written to the output folder and removed again. With
    --config each of its cameras is opened for a moment, the journal is looked at, and brokers and servers
    of alerts are connected to; nothing is sent.
    """
    from monitor.health.check import State
    from monitor.settings import load_settings

    settings = load_settings(config, None, overrides or ())
    if inject:
        from monitor.cli.inject import inject as inject_into

        inject_into(source, settings, contrast=contrast, height=height, as_json=as_json)
        return
    if source is not None:
        raise UsageError(f"{source}: a source is looked at with --inject: monitor doctor --inject {source}")
    checks = [_alert_check(settings, name) for name in alert] if alert else _all_checks(settings)
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        _show(checks)
    if any(check.state is State.PROBLEM for check in checks):
        raise typer.Exit(1)


def _all_checks(settings: "Settings") -> "list[Check]":
    from rich.console import Console

    from monitor.diagnosis.asking import answers
    from monitor.diagnosis.questions import questions

    # What the parts would log is what the answers say; unless more than the usual was asked for.
    if not logging.getLogger("monitor").isEnabledFor(logging.INFO):
        logging.disable(logging.WARNING)
    try:
        with Console(stderr=True).status("looking"):
            return list(answers(questions(settings)))
    finally:
        logging.disable(logging.NOTSET)


def _alert_check(settings: "Settings", name: str) -> "Check":
    """Send a test through a channel; what cannot even be tried is wrong use and passes as an error."""
    from monitor.alerts.channel import DeliveryError
    from monitor.alerts.trial import try_channel
    from monitor.clock import SystemClock
    from monitor.health.check import Check, State

    try:
        try_channel(settings.alerts, name, SystemClock())
    except DeliveryError as error:
        step = "correct the channel's settings, or what they name, and try again"
        return Check(f"alert {name}", State.PROBLEM, str(error), step)
    return Check(f"alert {name}", State.OK, "the test was delivered")


def _show(checks: "Sequence[Check]") -> None:
    from rich.box import HORIZONTALS
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    colours = {"ok": "green", "warning": "yellow", "problem": "red"}
    table = Table(box=HORIZONTALS, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for check in checks:
        step = f"\n[bold]→ {escape(check.next_step)}[/]" if check.next_step else ""
        state = f"[{colours[check.state]}]{check.state}[/]"
        table.add_row(check.name, state, escape(check.found) + step)
    Console(highlight=False).print(table)
