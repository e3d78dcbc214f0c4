"""`monitor service`: the live program as a service of systemd."""

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import File, Json
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.service.installing import Account, Step
    from monitor.service.places import Places
    from monitor.service.systemd import Systemd
    from monitor.service.unit import Unit
    from monitor.settings import Settings

app = typer.Typer(
    help="Run `monitor watch` as a service: at every start of the machine, again after a crash.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

System = Annotated[
    bool | None,
    typer.Option(
        "--system/--user",
        help="The machine's service or that of the user who asks; without it, root's is the machine's.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]


@app.command(
    epilog="Example: [cyan]monitor service install --user --config driveway.yaml --dry-run[/]\n\n"
    "Exit code: 0 it is installed and runs, 1 systemd refused, 2 wrong use, 3 a file cannot be written."
)
def install(
    config: File = None,
    system: System = None,
    account: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="USER",
            help="Who the machine's service runs as, never root; by default motion-monitor, which is made.",
        ),
    ] = None,
    memory_max: Annotated[
        str | None,
        typer.Option(
            "--memory-max", metavar="SIZE", help="Above this it is ended and started again: 800M, 50%."
        ),
    ] = None,
    start: Annotated[bool, typer.Option("--start/--no-start", help="Start it now as well.")] = True,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Install the service and start it; again, to change it. It runs confined, and not as root.

    Settings are read from --config, else from /etc/motion-monitor/monitor.yaml (--user:
    ~/.config/motion-monitor/monitor.yaml). Secrets belong into the file `environment` beside that one. A
    relative outputs.folder counts from /var/lib/motion-monitor (--user: ~/.local/share/motion-monitor).
    """
    from monitor.cli.servicereach import problems_of
    from monitor.service import NAME
    from monitor.service.installing import account_of, install_steps
    from monitor.service.unit import unit_text
    from monitor.settings import load_settings

    whole = _is_system(system)
    places, manager = _places(whole), _manager(whole, dry_run)
    if account is not None and not whole:
        raise UsageError("--as is for --system: the service of a user runs as that user.")
    file = (config or places.config).absolute()
    if config is None and not file.exists():
        raise UsageError(f"There is no {file}; write it (`monitor config init {file}`) or name one: --config")
    settings = load_settings(file)
    runs_as = account_of(account or NAME) if whole else None
    unit = _unit(places, file, settings, runs_as, _size(memory_max))
    steps = install_steps(places, unit_text(unit), unit.writable, manager, runs_as, start=start)
    problems = problems_of(places, file, settings, unit, runs_as) if runs_as else []
    if dry_run:
        _show_plan(steps, as_json, unit_text(unit))
    if problems:
        raise UsageError("\n".join(problems))
    if not dry_run:
        _do(steps, as_json)
        if not as_json:
            typer.echo(f"{NAME} is installed. See: monitor service status --{'system' if whole else 'user'}")


@app.command(epilog="Example: [cyan]sudo monitor service uninstall --system[/]")
def uninstall(system: System = None, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Stop the service and remove it; recordings, settings, secrets and the user stay."""
    from monitor.service.installing import uninstall_steps

    whole = _is_system(system)
    places = _places(whole)
    steps = uninstall_steps(places, _manager(whole, dry_run))
    if dry_run:
        _show_plan(steps, as_json)
        return
    _do(steps, as_json)
    if not as_json:
        typer.echo(f"Left as they are: {places.state}, {places.config.parent}.")


@app.command(
    epilog="Example: [cyan]monitor service status --system[/]\n\n"
    "Exit code: 0 it runs, 1 it does not, 2 wrong use."
)
def status(system: System = None, as_json: Json = False) -> None:
    """Say whether the service is installed and runs, since when, how often it was started again, and why."""
    from monitor.cli.servicestate import show
    from monitor.service.systemd import Systemd

    whole = _is_system(system)
    _require_systemd(whole)
    state = Systemd(user=not whole).state()
    if as_json:
        typer.echo(json.dumps(dict(state), indent=2))
    else:
        show(state, whole)
    if state.get("ActiveState") not in ("active", "activating", "reloading"):
        raise typer.Exit(1)


def _is_system(system: bool | None) -> bool:
    return os.geteuid() == 0 if system is None else system


def _places(whole: bool) -> "Places":
    from monitor.service.places import system_places, user_places

    return system_places() if whole else user_places(Path.home())


def _manager(whole: bool, dry_run: bool) -> "Systemd":
    """Return the systemd that is to be told; to show a plan there need be none."""
    from monitor.service.systemd import Systemd

    if not dry_run:
        _require_systemd(whole)
        if whole and os.geteuid() != 0:
            again = f"sudo {sys.executable} -m monitor service … --system"
            raise UsageError(f"The machine's service is root's to install; say: {again}, or use --user.")
    return Systemd(user=not whole)


def _require_systemd(whole: bool) -> None:
    from monitor.service.systemd import is_here, user_manager_is_here

    if not is_here():
        raise UsageError(
            "This machine is not run by systemd (a container, or another init). Have its own supervisor run "
            "`monitor watch --config FILE` and start it again when it ends with a code other than 0 and 2; "
            "in Docker: --restart unless-stopped. --dry-run shows the unit all the same."
        )
    if not whole and not user_manager_is_here():
        raise UsageError(
            "systemd does not serve this user here (XDG_RUNTIME_DIR names none of its folders): log in as "
            "the user itself, not by su or sudo; or install the machine's service: --system"
        )


def _size(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"[1-9]\d*[KMGT]|[1-9]\d?%|100%", text):
        raise UsageError(f"--memory-max {text}: is not a size; give one as 800M, 2G or 50%.")
    return text


def _unit(
    places: "Places", file: Path, settings: "Settings", account: "Account | None", memory_max: str | None
) -> "Unit":
    from monitor.cli.servicereach import programs
    from monitor.service.installing import groups_here
    from monitor.service.places import is_in_a_home
    from monitor.service.unit import Unit

    if account is not None and account.uid == 0:
        raise UsageError("The service does not run as root; leave --as out, or name another user.")
    writable = [places.state / settings.outputs.folder]
    if (journal := settings.journal.url) and "://" not in journal:
        writable.append((places.state / journal).parent)
    environment = {"MONITOR_LOG_LEVEL": "info"}
    if folders := os.environ.get("PYTHONPATH"):
        absolute = (str(Path(folder).absolute()) for folder in folders.split(os.pathsep) if folder)
        environment["PYTHONPATH"] = os.pathsep.join(absolute)
    return Unit(
        # -P: nothing that lies in the working folder is taken for a module.
        command=(sys.executable, "-P", "-m", "monitor", "watch", "--config", str(file)),
        folder=places.state,
        environment_file=places.environment,
        writable=tuple(dict.fromkeys(writable)),
        user=account.name if account else None,
        groups=groups_here(),
        environment=environment,
        sees_home=any(is_in_a_home(path) for path in (*programs(), file, *writable)),
        memory_max=memory_max,
    )


def _show_plan(steps: "list[Step]", as_json: bool, text: str | None = None) -> None:
    if as_json:
        typer.echo(json.dumps({"steps": [step.text for step in steps], "unit": text}, indent=2))
        return
    for number, step in enumerate(steps, 1):
        typer.echo(f"{number}. {step.text}")
    if text:
        typer.echo("\n" + text, nl=False)


def _do(steps: "list[Step]", as_json: bool) -> None:
    for step in steps:
        if not as_json:
            typer.echo(step.text)
        step.do()
    if as_json:
        typer.echo(json.dumps({"done": [step.text for step in steps]}, indent=2))
