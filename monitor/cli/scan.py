"""`monitor scan`: recordings in; events, clips and an annotated video out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from monitor.cli.config import File, Overrides, Preset
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.archive.manifest import Manifest
    from monitor.capture.opening import Input
    from monitor.cli.extrafiles import ExtraFiles
    from monitor.settings import Settings

EPILOG = (
    "Example: [cyan]monitor scan recordings/2026-11-20 --out results --no-annotate[/]\n\n"
    "Exit code: 0 all was scanned, 2 wrong use, 3 an input could not be read or an output not be written "
    "(the others are done all the same), 130 interrupted."
)


def scan(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Videos, folders, globs, folders of images."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Where results go, a folder for each input."),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE|-", help="All events, one JSON record a line; - prints them."),
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="All events as a table.")] = None,
    scores: Annotated[
        Path | None,
        typer.Option(
            "--scores", metavar="FILE", help="What was measured on analysed frames, .jsonl or .csv."
        ),
    ] = None,
    masks: Annotated[
        Path | None,
        typer.Option("--masks", metavar="DIR", help="A foreground mask for every frame, as PNG."),
    ] = None,
    annotate: Annotated[
        bool | None,
        typer.Option("--annotate/--no-annotate", help="A video with all drawn in."),
    ] = None,
    clips: Annotated[
        bool | None,
        typer.Option("--clips/--no-clips", help="Write a clip of each event."),
    ] = None,
    clip_mode: Annotated[
        Literal["copy", "encode"] | None,
        typer.Option("--clip-mode", help="copy: without loss, from a key frame; encode: exact."),
    ] = None,
    triage: Annotated[
        Literal["auto", "on", "off"] | None,
        typer.Option(
            "--triage",
            help="Decode only where packets and key frames show something: auto (if they can tell), on, off.",
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Scan anew what was scanned with other settings, and what could not be read."
        ),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=0,
            max=256,
            help="Recordings scanned at the same time; 0: as many as the machine has cores and memory for.",
        ),
    ] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Dask's workers do the work: tcp://host:8786, tls://host:8786, or local for new ones here.",
        ),
    ] = None,
    config: File = None,
    preset: Preset = None,
    overrides: Overrides = None,
    zones: Annotated[
        list[str] | None,
        typer.Option(
            "--zone",
            metavar="'NAME=x,y x,y x,y'",
            help="Watch only this polygon, in fractions of the picture; may be repeated. "
            "NAME:exclude= or NAME:privacy= for the other roles.",
        ),
    ] = None,
) -> None:
    """Scan recordings for events; each input is an item of its own and gets a folder of its own.

    In it: events.jsonl and events.csv, near_misses.jsonl (what almost was an event,
    and the rule that stopped it), clips, snapshots, a contact sheet and annotated.mp4.
    One report on all that was ever scanned into DIR: report.html, report.csv, report.json.

    A recording is known by its content and not scanned again, so a scan that was stopped
    or killed goes on where it was. It is scanned again where an output is asked for that
    it lacks. What was scanned with other settings is told and left, unless --again is
    given; its results then go to a new folder: earlier ones are never overwritten.
    """
    from monitor.cli.extrafiles import ExtraFiles
    from monitor.settings import load_settings

    given = list(overrides or ())
    given += _as_overrides(
        {
            "outputs.annotate": annotate,
            "clips.enabled": clips,
            "clips.mode": clip_mode,
            "archive.triage": triage,
        }
    )
    given += [_zone_override(zone) for zone in zones or ()]
    settings = load_settings(config, preset, given)
    if scheduler is not None:
        # Workers have working folders of their own.
        paths = [path if "://" in path else str(Path(path).absolute()) for path in paths]
        out = (settings.outputs.folder if out is None else out).absolute()
    if out is not None:
        settings = settings.model_copy(
            update={"outputs": settings.outputs.model_copy(update={"folder": out})}
        )
    _scan(paths, settings, ExtraFiles(json, csv, scores, masks), again=again, jobs=jobs, scheduler=scheduler)


def _scan(
    paths: Sequence[str],
    settings: "Settings",
    files: "ExtraFiles",
    *,
    again: bool,
    jobs: int,
    scheduler: str | None,
) -> None:
    from monitor.archive.cores import split_cores
    from monitor.archive.engine import Archive
    from monitor.archive.lock import FolderLock
    from monitor.archive.manifest import Manifest
    from monitor.archive.records import Follower
    from monitor.archive.workers import executor_of
    from monitor.capture.opening import inputs_of
    from monitor.cli.progress import ScanReport

    out = settings.outputs.folder
    files.refuse_existing(out)
    items = inputs_of(paths)
    split = split_cores(len(items), jobs)
    wanted = files.wanted(items)
    with ExitStack() as stack:
        locks = [] if all(item.error for item in items) else [stack.enter_context(FolderLock(out)).fd]
        executor = stack.enter_context(
            executor_of(
                scheduler,
                split.processes,
                hang_s=settings.archive.hang_s,
                keep=locks,
                sees=_seen(out, items),
            )
        )
        manifest = stack.enter_context(Manifest(out))
        archive = Archive(settings, manifest, again=again, threads=split.threads, roots=tuple(paths))
        stack.enter_context(_in_the_end(lambda: files.write(archive.results(wanted), out)))
        if settings.outputs.report:
            stack.enter_context(_in_the_end(lambda: _report_on(manifest, settings)))
        events = Follower(typer.get_text_stream("stdout")) if files.json == "-" else None
        with ScanReport(items, executor.stop, out, events) as report:
            archive.scan(wanted, executor, report)
    report.summarise()
    if len(items) > 1 and settings.outputs.report and (page := out / "report.html").is_file():
        typer.echo(f"report on all in {out}: {page}", err=True)
    if report.is_stopped:
        raise typer.Exit(130)
    if not report.tally.is_good:
        raise typer.Exit(3)


def _seen(out: Path, items: Sequence["Input"]) -> list[Path]:
    """Return what a worker on another machine must see: the output folder, and the first of the inputs."""
    here = (Path(item.address) for item in items if item.error is None and "://" not in item.address)
    return [out, *islice(here, 1)]


@contextmanager
def _in_the_end(finish: Callable[[], None]) -> Iterator[None]:
    """Finish also after an error, but not where Ctrl-C came twice: that is an end at once."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException:
        finish()
        raise
    finish()


def _report_on(manifest: "Manifest", settings: "Settings") -> None:
    """Write the report on all that is known of the output folder, if that is anything."""
    from monitor.archive.report.write import write_report
    from monitor.archive.starttime import zone_of

    if manifest.entries():
        write_report(settings.outputs.folder, zone_of(settings.archive))


def _as_overrides(values: dict[str, object]) -> list[str]:
    return [f"{key}={str(value).lower()}" for key, value in values.items() if value is not None]


def _zone_override(text: str) -> str:
    """Turn NAME=x,y x,y … or NAME:role=x,y … into a setting."""
    name, equals, corners = text.partition("=")
    name, _, role = name.strip().partition(":")
    points = [corner.split(",") for corner in corners.split()]
    if not equals or not name or not points or any(len(point) != 2 for point in points):
        raise UsageError(
            f"--zone {text!r}: not NAME=x,y x,y x,y; give at least three corners as fractions of the "
            "picture, for example --zone 'gate=0.1,0.5 0.9,0.5 0.9,1'."
        )
    listed = ", ".join(f"[{x}, {y}]" for x, y in points)
    return f"zones.{name}={{role: {role or 'include'}, points: [{listed}]}}"
