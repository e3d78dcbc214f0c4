"""`monitor doctor`: is this machine ready."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import File, Json

if TYPE_CHECKING:
    from monitor.health.check import Check
    from monitor.settings import Settings

EPILOG = (
    "Example: [cyan]monitor doctor --config driveway.yaml[/]\n\n"
    "Example: [cyan]monitor doctor --alert phone --config driveway.yaml[/]\n\n"
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


def doctor(config: File = None, alert: Channels = None, as_json: Json = False) -> None:
    """Say whether this machine is ready: software, codecs, disk, cameras, clock; and what to do where not.

    Every codec is tried on a small clip, and 16 MB are written to the output folder and removed again.
    """
    from monitor.health.check import State
    from monitor.settings import load_settings

    settings = load_settings(config)
    checks = [_alert_check(settings, name) for name in alert] if alert else list(_checks(settings))
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        _show(checks)
    if any(check.state is State.PROBLEM for check in checks):
        raise typer.Exit(1)


def _checks(settings: "Settings") -> "Iterator[Check]":
    from monitor.health.cameras import cameras_check
    from monitor.health.disk import disk_check
    from monitor.health.machine import clock_check, cores_check, memory_check
    from monitor.health.software import opencv_check, packages_check, python_check

    simple: Sequence[Callable[[], Check]] = (python_check, packages_check, opencv_check)
    yield from (check() for check in simple)
    yield from _codecs()
    yield from (cores_check(), memory_check(), disk_check(settings.outputs.folder))
    yield from (cameras_check(), clock_check())


def _alert_check(settings: "Settings", name: str) -> "Check":
    """Send a test through a channel; what cannot even be tried is wrong use and passes as an error."""
    from monitor.alerts.channel import DeliveryError
    from monitor.alerts.trial import try_channel
    from monitor.clock import SystemClock
    from monitor.health.check import Check, State
    from monitor.settings.alerts import Alerts

    given: Alerts = getattr(settings, "alerts", None) or Alerts()
    try:
        try_channel(given, name, SystemClock())
    except DeliveryError as error:
        step = "correct the channel's settings, or what they name, and try again"
        return Check(f"alert {name}", State.PROBLEM, str(error), step)
    return Check(f"alert {name}", State.OK, "the test was delivered")


def _codecs() -> "Iterator[Check]":
    from monitor.health.check import Check, State
    from monitor.health.software import missing_library_sentence

    try:
        from monitor.capture.codecs import codec_checks
    except ImportError as error:
        step = missing_library_sentence(error) or "pip install --force-reinstall av"
        yield Check("PyAV", State.PROBLEM, str(error), step)
        return
    yield from codec_checks()


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
