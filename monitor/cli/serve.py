"""`monitor serve`: the page over a journal and the cameras of this machine."""

import json
import signal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.config import File, Json, Overrides, Preset
from monitor.errors import MissingPackageError

if TYPE_CHECKING:
    from monitor.settings import Settings

EPILOG = (
    "Example: [cyan]monitor serve --config monitor.yaml[/]\n\n"
    "It listens on this machine alone. For others give it an address and a first user: "
    "[cyan]monitor user add anna[/], then [cyan]monitor serve --address 0.0.0.0[/]\n\n"
    "Exit code: 0 ended, 2 wrong use, 3 the disk failed, 130 interrupted."
)

_PACKAGES = ("argon2", "fastapi", "ruamel.yaml", "uvicorn", "websockets")


def serve(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Where recordings and the journal are."),
    ] = None,
    address: Annotated[
        str | None, typer.Option("--address", metavar="ADDRESS", help="Listen there; 0.0.0.0 is everywhere.")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Listen at this port.")] = None,
    journal: Annotated[
        str | None, typer.Option("--journal", metavar="URL|PATH", help="Another journal than the settings'.")
    ] = None,
    config: File = None,
    preset: Preset = None,
    overrides: Overrides = None,
    as_json: Json = False,
) -> None:
    """Serve the page: cameras live, the timeline, events with their clips, settings. Ctrl-C ends it."""
    require_web()
    from monitor.clock import SystemClock
    from monitor.web.serving import listening, server_of, site_of, url_of

    def load() -> "Settings":
        return _load(config, preset, overrides, out, address, port, journal)

    settings = load()
    site = site_of(settings, load, SystemClock(), config)
    listener = listening(settings.web)
    server = server_of(site)
    url = url_of(settings.web, listener.getsockname()[1])
    if as_json:
        typer.echo(json.dumps({"url": url, "open": site.is_private and site.accounts.is_empty}))
    else:
        typer.echo(f"The page is at {url}")
        if site.is_private and site.accounts.is_empty:
            typer.echo(
                "Everybody at this machine may use it; monitor user add NAME asks for a password.", err=True
            )
    # The server ends by itself, and then hands the signal on: an end that was asked for is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    server.run(sockets=[listener])


def require_web() -> None:
    """Raise `MissingPackageError` where what the page needs is not installed."""
    missing = [name for name in _PACKAGES if _is_missing(name)]
    if missing:
        raise MissingPackageError(
            f"The page needs Python packages that are not installed ({', '.join(missing)}): "
            "pip install 'motion-change-monitor[web]'"
        )


def _is_missing(name: str) -> bool:
    try:
        return find_spec(name) is None
    except ModuleNotFoundError:
        return True


def _load(
    config: Path | None,
    preset: str | None,
    overrides: list[str] | None,
    out: Path | None,
    address: str | None,
    port: int | None,
    journal: str | None,
) -> "Settings":
    from monitor.settings import load_settings

    settings = load_settings(config, preset, overrides or ())
    given = {name: value for name, value in (("address", address), ("port", port)) if value is not None}
    update: dict[str, Any] = {"web": settings.web.model_copy(update=given)}
    if out is not None:
        update["outputs"] = settings.outputs.model_copy(update={"folder": out})
    if journal is not None:
        update["journal"] = settings.journal.model_copy(update={"url": journal})
    return settings.model_copy(update=update)
