"""`monitor scan`: recordings in; events, clips and an annotated video out."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from monitor.cli.config import File, Overrides, Preset
from monitor.errors import UsageError
from monitor.storage.address import is_stored

EPILOG = (
    "Example: [cyan]monitor scan recordings/2026-11-20 --out results --no-annotate[/]\n\n"
    "Exit code: 0 all was scanned, 2 wrong use, 3 an input could not be read or an output not be written "
    "(the others are done all the same), 130 interrupted."
)


def scan(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Videos, folders, globs, folders of images."),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Where results go, a folder for each input; also s3://bucket/folder or sftp://host/folder.",
        ),
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
    near_misses: Annotated[
        bool,
        typer.Option("--near-misses", help="Print what almost was an event, and the rule that stopped it."),
    ] = False,
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
            help="Processes at the same time, each with a recording of its own or, where fewer are left, "
            "with a part of one of 4 minutes or more (not with --masks, --annotate, --triage or a store); "
            "0: as many as the machine has cores and memory for, and parts where they get two cores each.",
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
    # Imported here so that help does not wait for all that a scan needs.
    from monitor.archive.starting import started_early

    # A process that does the work loads for as long as this one: the first is started before all else.
    with started_early(wanted=scheduler is None) as first:
        from monitor.cli.extrafiles import ExtraFiles
        from monitor.cli.scanwork import Work, carry_out
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
        out = out or str(settings.outputs.folder)
        files = ExtraFiles(json, csv, scores, masks, near_misses)
        if is_stored(out):
            files.refuse_store(out)
        if scheduler is not None:
            # Workers have working folders of their own.
            out, *paths = (path if "://" in path else str(Path(path).absolute()) for path in (out, *paths))
        carry_out(paths, settings, files, Work(jobs, scheduler, out, again=again, first=first))


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
