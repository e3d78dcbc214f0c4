"""`monitor watch`: cameras in; events, clips and alerts out, as they happen."""

import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import File, Overrides, Preset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.settings import Settings

EPILOG = (
    "Example: [cyan]monitor watch rtsp://192.168.1.20/stream1 --out recordings[/]\n\n"
    "Example: [cyan]monitor watch --config monitor.yaml --walk-test[/]\n\n"
    "Example: [cyan]monitor watch --config monitor.yaml --web[/]\n\n"
    "SIGHUP reads the settings file again; cameras whose settings stayed the same go on untouched.\n\n"
    "Exit code: 0 ended (also by SIGTERM), 2 wrong use, 3 a source or the disk failed, 130 interrupted."
)


def watch(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="Addresses, devices, names of cameras in the settings, or a recording, shown at its own "
            "pace, for trying. Without any: all cameras of the settings.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Where recordings and the journal go."),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record/--no-record", help="Write clips, pictures and continuous recording.")
    ] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON record a line as events open and close.")
    ] = False,
    duration_s: Annotated[
        float | None, typer.Option("--duration", metavar="SECONDS", min=0.1, help="End after so long.")
    ] = None,
    walk_test: Annotated[
        bool,
        typer.Option(
            "--walk-test",
            help="Say live what is seen, how large and strong, in which zone, and whether it would fire "
            "or why not. Nothing of it is recorded, counted or alerted, and none is in the journal.",
        ),
    ] = False,
    web: Annotated[
        bool, typer.Option("--web", help="Serve the page too, as monitor serve does, where `web` says.")
    ] = False,
    config: File = None,
    preset: Preset = None,
    overrides: Overrides = None,
) -> None:
    """Watch cameras: tell of events as they open and close, and why; record and alert as the settings say.

    Cameras of the settings run each in a process of its own: what crashes or hangs is started anew.
    """
    from monitor.cli.walkview import WalkScreen
    from monitor.cli.watching import Screen
    from monitor.live.running import watch_all

    def load() -> "Settings":
        settings = _load(config, preset, overrides, out, sources or ())
        return _silent(settings) if walk_test else settings

    settings = load()
    # With the page a camera is always a process of its own: what is changed there is then taken up.
    one = len(settings.cameras) == 1 and bool(sources) and not web
    shown = (
        WalkScreen(sys.stdout, as_json=as_json, cameras=len(settings.cameras))
        if walk_test
        else Screen(sys.stdout, as_json=as_json)
    )
    with _page(load, settings, config) if web else nullcontext(), shown as screen:
        code = watch_all(
            load,
            settings,
            screen,
            record=record and not walk_test,
            duration_s=duration_s,
            here=one,
            walk_test=walk_test,
        )
    if code:
        raise typer.Exit(code)


@contextmanager
def _page(load: "Callable[[], Settings]", settings: "Settings", config: Path | None) -> "Iterator[None]":
    """Serve the page for as long as is watched, and say where."""
    from monitor.cli.serve import require_web

    require_web()
    from monitor.clock import SystemClock
    from monitor.web.serving import listening, served, site_of, url_of

    site = site_of(settings, load, SystemClock(), config)
    listener = listening(settings.web)
    typer.echo(f"The page is at {url_of(settings.web, listener.getsockname()[1])}", err=True)
    with served(site, listener):
        yield


def _silent(settings: "Settings") -> "Settings":
    """Return the settings without alerts and plugged-in sinks: who walks to try a camera wants none."""
    from monitor.settings.alerts import Alerts

    cameras = {name: camera.model_copy(update={"alerts": None}) for name, camera in settings.cameras.items()}
    plugins = settings.plugins.model_copy(update={"sinks": ()})
    return settings.model_copy(update={"alerts": Alerts(), "cameras": cameras, "plugins": plugins})


def _load(
    config: Path | None,
    preset: str | None,
    overrides: list[str] | None,
    out: Path | None,
    sources: "list[str] | tuple[str, ...]",
) -> "Settings":
    """Return the settings with the cameras that are meant, each of them checked."""
    from monitor.errors import UsageError
    from monitor.settings import load_settings
    from monitor.settings.sources import with_sources

    settings = load_settings(config, preset, overrides or ())
    if out is not None:
        outputs = settings.outputs.model_copy(update={"folder": out})
        settings = settings.model_copy(update={"outputs": outputs})
    settings = with_sources(settings, sources)
    if not settings.cameras:
        raise UsageError(
            "There is no camera to watch; name one (monitor watch rtsp://…), or add `cameras:` to a "
            "settings file and give it with --config."
        )
    return settings
