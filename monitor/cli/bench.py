"""`monitor bench`: how fast is this machine, what limits it, how many cameras can it watch."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.config import File, Json, Overrides, Preset

if TYPE_CHECKING:
    from monitor.settings import Settings
    from monitor.speed import Pass, Speed

EPILOG = (
    "Example: [cyan]monitor bench driveway.mp4[/]\n\n"
    "Exit code: 0 measured, 2 wrong use, 3 the file could not be read, 130 interrupted."
)


_LEAST_S = 1.0
"""Of what is shorter the start of decoder and model takes most of the time, and the figures say nothing."""


def bench(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A recording of the kind to be watched; else one is made."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=5.0, max=600.0, help="How much of it, from its start.")
    ] = 60.0,
    config: File = None,
    preset: Preset = None,
    overrides: Overrides = None,
    as_json: Json = False,
) -> None:
    """Measure the speed of every stage on this machine, against decoding alone.

    Goes through the recording three times: its packets, its pictures, and a whole scan that writes nothing.
    Says which stage limits the speed, and how many cameras of this kind this machine can watch. Without a
    file, 20 s in 1280x720 are generated first.
    """
    from rich.console import Console

    from monitor.settings import load_settings

    settings = load_settings(config, preset, overrides or ())
    with Console(stderr=True).status("measuring") as status:
        found = (
            _measured(file, settings, seconds) if file else _measured_demo(settings, seconds, status.update)
        )
    if as_json:
        typer.echo(json.dumps(_as_record(found), indent=2))
    else:
        _show(Console(highlight=False), found)


def _measured(file: Path, settings: "Settings", seconds: float) -> "Speed":
    from monitor.health.machine import available_bytes
    from monitor.speed import measure

    return measure(file, settings, seconds, available_bytes())


def _measured_demo(settings: "Settings", seconds: float, tell: Any) -> "Speed":
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from monitor.capture.scene.encode import write_video
    from monitor.capture.scene.library import SCENES
    from monitor.frames import Size

    with TemporaryDirectory(prefix="monitor-bench-") as folder:
        tell("making a recording of 20 s")
        recording = Path(folder) / "generated.mp4"
        write_video(replace(SCENES["demo"](), size=Size(1280, 720), duration_s=20.0), recording)
        tell("measuring")
        return _measured(recording, settings, seconds)


def _show(console: Any, found: "Speed") -> None:
    from rich.markup import escape

    info, size = found.info, found.info.size
    console.print(
        f"[bold]{escape(info.name)}[/]: {size.width}x{size.height} {info.codec}, "
        f"{found.bare.count / found.span_s:.3g} frames a second; {found.span_s:.0f} s of it, "
        f"{found.cores} {'processor' if found.cores == 1 else 'processors'}\n"
    )
    console.print(_passes(found))
    console.print(_stages(found))
    console.print(_verdict(found), soft_wrap=True)


def _passes(found: "Speed") -> Any:
    from rich.box import HORIZONTALS
    from rich.table import Table

    table = Table(box=HORIZONTALS, pad_edge=False, title_justify="left", title="The whole way")
    table.add_column("")
    for column in ("frames/s", "× real time", "ms of processor a frame", "time against decoding"):
        table.add_column(column, justify="right")
    rows: dict[str, Pass] = {"reading packets": found.packets, "decoding": found.bare, "scan": found.scan}
    for name, done in rows.items():
        table.add_row(
            name,
            f"{done.rate_hz:,.0f}",
            f"{found.span_s / done.wall_s:,.1f}",
            f"{1e3 * done.cpu_s / max(1, done.count):.2f}",
            f"{done.wall_s / found.bare.wall_s:.2f} ×",
        )
    return table


def _stages(found: "Speed") -> Any:
    from rich.box import HORIZONTALS
    from rich.table import Table

    worked_s = sum(found.stages_s.values())
    table = Table(
        box=HORIZONTALS,
        pad_edge=False,
        title_justify="left",
        title=f"The analysis of {found.analysed} frames",
    )
    table.add_column("stage")
    table.add_column("ms a frame", justify="right")
    table.add_column("share", justify="right")
    for stage, took_s in sorted(found.stages_s.items(), key=lambda pair: -pair[1]):
        table.add_row(stage, f"{1e3 * took_s / max(1, found.analysed):.3f}", f"{took_s / worked_s:.0%}")
    table.add_row("all", f"{1e3 * worked_s / max(1, found.analysed):.3f}", "100%", style="bold")
    return table


def _verdict(found: "Speed") -> str:
    if found.span_s < _LEAST_S:
        return (
            f"{found.span_s:.1f} s are too short to tell what this machine can watch: beginning takes most "
            "of the time; give a recording of 5 s or more."
        )
    waited = found.waited_s / (found.waited_s + sum(found.stages_s.values()))
    limit = (
        "Decoding limits the speed"
        if found.bottleneck == "decode"
        else f"The analysis limits the speed, most of all its stage “{found.bottleneck}”"
    )
    memory = found.cameras_by_memory
    why = (
        "memory is what gives out first"
        if memory is not None and memory < found.cameras_by_processor
        else "the processors are what gives out first"
    )
    cameras = found.cameras
    can = f"{cameras} {'camera' if cameras == 1 else 'cameras'}" if cameras else "not even one camera"
    advice = "" if cameras else ", unless `live.cpu_budget` or a lower rate makes it cheaper"
    return (
        f"{limit}: for {waited:.0%} of the time the analysis waits for pictures.\n"
        f"One live camera of this kind takes {found.camera_load:.0%} of a processor. "
        f"This machine can watch {can} of this kind{advice}; {why}."
    )


def _as_record(found: "Speed") -> dict[str, Any]:
    from dataclasses import asdict

    passes = {
        name: {**asdict(done), "rate_hz": done.rate_hz}
        for name, done in (("packets", found.packets), ("bare", found.bare), ("scan", found.scan))
    }
    return {
        "name": found.info.name,
        "width": found.info.size.width,
        "height": found.info.size.height,
        "codec": found.info.codec,
        "span_s": found.span_s,
        "cores": found.cores,
        **passes,
        "scan_over_bare": found.scan.wall_s / found.bare.wall_s,
        "analysed": found.analysed,
        "stages_s": found.stages_s,
        "waited_s": found.waited_s,
        "bottleneck": found.bottleneck,
        "camera_load": found.camera_load,
        "cameras": found.cameras,
    }
