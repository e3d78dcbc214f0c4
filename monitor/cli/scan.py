"""`monitor scan`: recordings in; events, clips and an annotated video out."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from monitor.cli.config import File, Overrides, Preset
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.app import Extras
    from monitor.capture.opening import Input
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

    In it: events.jsonl and events.csv, near_misses.jsonl (what almost was an event, and the rule that stopped
    it), clips, snapshots, a contact sheet and annotated.mp4. Earlier results are never overwritten.
    """
    from monitor.settings import load_settings

    given = list(overrides or ())
    given += _as_overrides({"outputs.annotate": annotate, "clips.enabled": clips, "clips.mode": clip_mode})
    given += [_zone_override(zone) for zone in zones or ()]
    settings = load_settings(config, preset, given)
    if out is not None:
        settings = settings.model_copy(
            update={"outputs": settings.outputs.model_copy(update={"folder": out})}
        )
    with ExitStack() as stack:
        _scan(paths, settings, _Files(json, csv, scores, masks, stack))


class _Files:
    """The extra outputs that the call named, opened once for all inputs."""

    def __init__(
        self, json: str | None, csv: Path | None, scores: Path | None, masks: Path | None, stack: ExitStack
    ) -> None:
        from monitor.outputs.layout import refuse_existing

        self._scores, self._masks = scores, masks
        if scores is not None:
            refuse_existing(scores)
        if scores is not None and scores.suffix not in (".jsonl", ".csv"):
            raise UsageError(f"--scores {scores}: the name must end in .jsonl or .csv.")
        if masks is not None and masks.exists() and (not masks.is_dir() or any(masks.iterdir())):
            raise UsageError(f"--masks {masks}: is not an empty folder; choose another or empty it.")
        self._json = (
            typer.get_text_stream("stdout") if json == "-" else _new(Path(json) if json else None, stack)
        )
        self._csv = _new(csv, stack)

    def of(self, item: "Input", items: Sequence["Input"]) -> "Extras":
        """Return the extra outputs of one input; where there are several, each has names of its own."""
        from monitor.app import Extras

        scores, masks = self._scores, self._masks
        if len(items) > 1:
            own = f"{[i.name for i in items[: items.index(item)]].count(item.name) + 1}"
            stem = Path(item.name).stem + (f"-{own}" if own != "1" else "")
            scores = scores and scores.with_name(f"{scores.stem}-{stem}{scores.suffix}")
            masks = masks and masks / stem
        return Extras(scores=scores, masks=masks, json=self._json, csv=self._csv)


def _new(path: Path | None, stack: ExitStack) -> TextIO | None:
    """Open a new file for writing until the stack is closed; never an existing one."""
    from monitor.outputs.layout import refuse_existing, writing

    if path is None:
        return None
    refuse_existing(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return stack.enter_context(path.open("x", encoding="utf-8"))


def _scan(paths: Sequence[str], settings: "Settings", files: _Files) -> None:
    from monitor.capture.opening import inputs_of
    from monitor.cli.progress import ScanReport
    from monitor.scanning import scan_all

    items = inputs_of(paths)
    with ScanReport(items) as report:
        outcomes = []
        for outcome in scan_all(items, settings, lambda item: files.of(item, items), report.frame_done):
            report.item_done(outcome)
            outcomes.append(outcome)
    report.summarise(outcomes)
    if any(outcome.stopped for outcome in outcomes):
        raise typer.Exit(130)
    if not all(outcome.is_good for outcome in outcomes):
        raise typer.Exit(3)


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
