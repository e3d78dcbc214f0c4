"""`monitor user`: who may use the page; the first password is set here, on the machine itself."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from monitor.cli.config import File, Json
from monitor.cli.serve import require_web
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.web.accounts import Accounts

app = typer.Typer(
    help="Add, list and remove the users of the page.", no_args_is_help=True, rich_markup_mode="rich"
)

Name = Annotated[str, typer.Argument(help="The user's name.")]
RoleIs = Annotated[
    Literal["admin", "viewer"] | None,
    typer.Option("--role", help="viewer: sees; admin: changes too. The first user is an admin."),
]
CamerasAre = Annotated[
    list[str] | None,
    typer.Option("--camera", metavar="NAME", help="A viewer sees this camera alone; may be repeated."),
]


@app.command(epilog="Example: [cyan]monitor user add anna[/]")
def add(
    name: Name, role: RoleIs = None, camera: CamerasAre = None, config: File = None, as_json: Json = False
) -> None:
    """Add a user. The password is asked for twice, or read from standard input when piped."""
    from monitor.web.security.passwords import hashed
    from monitor.web.security.roles import Role

    accounts = _accounts(config)
    if not name.strip() or len(name) > 100:
        raise UsageError("A name has 1 to 100 letters.")
    is_first = accounts.is_empty
    chosen = Role(role or ("admin" if is_first else "viewer"))
    if is_first and chosen is not Role.ADMIN:
        raise UsageError("The first user must be an admin: somebody has to add the others.")
    accounts.add_user(name, hashed(_password()), chosen, frozenset(camera) if camera else None)
    _say(as_json, f"{name}: added as {chosen.value}", name=name, role=chosen.value)


@app.command(epilog="Example: [cyan]monitor user password anna[/]")
def password(name: Name, config: File = None, as_json: Json = False) -> None:
    """Set a new password, which ends all log-ins of its user."""
    from monitor.web.security.passwords import hashed

    _accounts(config).set_password(name, hashed(_password()))
    _say(as_json, f"{name}: has a new password; all log-ins are ended", name=name)


@app.command(epilog="Example: [cyan]monitor user remove anna[/]")
def remove(name: Name, config: File = None, as_json: Json = False) -> None:
    """Remove a user and end all log-ins; the last admin stays."""
    _accounts(config).remove_user(name)
    _say(as_json, f"{name}: removed", name=name)


@app.command("list", epilog="Example: [cyan]monitor user list[/]")
def list_users(config: File = None, as_json: Json = False) -> None:
    """List users with what they may see."""
    users = _accounts(config).users()
    records = [
        {"name": u.name, "role": u.role.value, "cameras": None if u.cameras is None else sorted(u.cameras)}
        for u in users
    ]
    if as_json:
        typer.echo(json.dumps(records, indent=2))
        return
    for user in users:
        cameras = "all cameras" if user.cameras is None else ", ".join(sorted(user.cameras))
        typer.echo(f"{user.name}\t{user.role.value}\t{cameras}")
    if not users:
        typer.echo("There is no user yet: monitor user add NAME", err=True)


def _accounts(config: "File") -> "Accounts":
    require_web()
    from monitor.clock import SystemClock
    from monitor.settings import load_settings
    from monitor.web.serving import accounts_of

    return accounts_of(load_settings(config), SystemClock())


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
    return given


def _say(as_json: bool, sentence: str, **values: str) -> None:
    typer.echo(json.dumps(values) if as_json else sentence)
