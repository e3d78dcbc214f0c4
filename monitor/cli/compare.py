"""`monitor compare`: what differs between two pictures, folders or videos, or from a reference."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from monitor.comparing.meanings import MEANINGS
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.cli.comparing.request import Request

_MEASURES = "\n\n".join(
    f"[bold]{name}[/]: {meaning.what}; {meaning.range}; blind to {meaning.blind_to}"
    for name, meaning in MEANINGS.items()
)

EPILOG = (
    "Example: [cyan]monitor compare before.png after.png --out difference[/]\n\n"
    "Example: [cyan]monitor compare golden/ new/ --json --fail-over 'ssim<0.98'[/]\n\n"
    "Example: [cyan]monitor compare rtsp://192.168.1.20/stream1 --against empty.png[/]\n\n"
    "Exit code: 0 same, 1 different, 2 wrong use or an input that cannot be compared, 3 a camera or an "
    "output failed, 130 interrupted.\n\n"
    f"Measures, each with its range and what it does not see:\n\n{_MEASURES}"
)

_for_pictures = partial(typer.Option, rich_help_panel="Before measuring")
_for_outputs = partial(typer.Option, rich_help_panel="Outputs")
_for_moving = partial(typer.Option, rich_help_panel="Videos and cameras")
_for_scripts = partial(typer.Option, rich_help_panel="For scripts")


def compare(
    a: Annotated[
        str,
        typer.Argument(metavar="A", help="Image, folder of images, or video; with --against also a camera."),
    ],
    b: Annotated[str | None, typer.Argument(metavar="B", help="The same kind as A.")] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="REF",
            help="Compare every frame of A, a recording or a camera, with this image.",
        ),
    ] = None,
    resize: Annotated[
        bool,
        _for_pictures("--resize", help="Bring B to A's size where they differ."),
    ] = False,
    align: Annotated[
        Literal["shift", "similarity", "homography"] | None,
        _for_pictures(
            "--align",
            help="Bring B onto A, and say how far it had to move: pushed; turned or zoomed; a plane "
            "seen from elsewhere.",
        ),
    ] = None,
    normalise: Annotated[
        bool,
        _for_pictures("--normalise", help="Take exposure out of verdict and measures; boxes never have it."),
    ] = False,
    blur_px: Annotated[
        float,
        _for_pictures(
            "--blur", metavar="PX", help="Take out noise: deviation of a Gaussian in pixels of A, 0 to 100."
        ),
    ] = 0.0,
    channels: Annotated[
        Literal["luma", "each"],
        _for_pictures(
            "--channels", help="each: blue, green and red; finds a red that became an equally bright blue."
        ),
    ] = "luma",
    edges: Annotated[
        bool,
        _for_pictures("--edges", help="Compare the strength of edges (Sobel) alone."),
    ] = False,
    roi: Annotated[
        list[str] | None,
        _for_pictures(
            "--roi",
            metavar="'x,y x,y x,y'|MASK",
            help="Compare only this polygon, in fractions of the picture, or the white part of a mask "
            "image; may be repeated.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        _for_pictures("--ignore", metavar="'x,y x,y x,y'|MASK", help="Leave this out; may be repeated."),
    ] = None,
    k_sigma: Annotated[
        float,
        _for_pictures(
            "--k-sigma",
            metavar="K",
            help="A pixel differs from so many deviations of the pair's own noise on; higher finds less.",
        ),
    ] = 5.0,
    out: Annotated[
        Path | None,
        _for_outputs(
            "--out",
            "-o",
            metavar="DIR",
            help="Write boxes on both, the difference, a side-by-side, a flicker GIF, and report.html with "
            "a slider.",
        ),
    ] = None,
    figure: Annotated[
        Path | None,
        _for_outputs(
            "--figure", metavar="PNG", help="Both pictures, the difference and the measures on one sheet."
        ),
    ] = None,
    sync: Annotated[
        bool,
        _for_moving("--sync", help="Lay B on A by what they show, not by their times."),
    ] = False,
    every_s: Annotated[
        float | None,
        _for_moving(
            "--every",
            metavar="SECONDS",
            min=0.0,
            help="With --against: time between two looks; by default every picture of a recording, and "
            "two a second of a camera.",
        ),
    ] = None,
    duration_s: Annotated[
        float | None,
        _for_moving(
            "--duration",
            metavar="SECONDS",
            min=0.1,
            help="With --against: end after so long; a camera is watched until Ctrl-C.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        _for_moving("--config", "-c", metavar="FILE", help="Settings file that names the camera."),
    ] = None,
    as_json: Annotated[bool, _for_scripts("--json", help="Print one JSON object.")] = False,
    fail_over: Annotated[
        list[str] | None,
        _for_scripts(
            "--fail-over",
            metavar="'NAME<NUMBER'",
            help="Different is what lies beyond a limit, as 'ssim<0.98' or 'boxes>0', and nothing else; "
            "may be repeated.",
        ),
    ] = None,
) -> None:
    """Say what differs between two images, two folders or two videos: where, and by how much.

    What differs beyond the pair's own noise is boxed, in whatever exposure. Another exposure is a difference
    of its own, without a box, from 5 % on, and so is noise that one of the two alone has.
    """
    from monitor.cli.comparing.request import Request
    from monitor.comparing.limits import limit_of
    from monitor.comparing.options import Options
    from monitor.comparing.regions import regions_of

    regions = regions_of(roi or (), ignore or ())
    options = Options(
        resize=resize,
        align=align,
        normalise=normalise,
        blur_px=blur_px,
        channels=channels,
        edges=edges,
        include=regions.include,
        exclude=regions.exclude,
        mask=regions.mask,
        k_sigma=k_sigma,
    )
    limits = tuple(limit_of(text) for text in fail_over or ())
    request = Request(options, limits, out, figure, as_json)
    request.refuse_existing()
    if against is not None:
        from monitor.cli.comparing import against as comparing

        _refuse_both(b, sync)
        raise typer.Exit(
            comparing.run(a, against, request, every_s=every_s, duration_s=duration_s, config=config)
        )
    if every_s is not None or duration_s is not None or config is not None:
        raise UsageError("--every, --duration and --config are for --against REF; leave them out, or add it.")
    raise typer.Exit(_run(a, b, request, sync))


def _refuse_both(b: str | None, sync: bool) -> None:
    if b is not None:
        raise UsageError(f"{b} and --against: give B or a reference; not both.")
    if sync:
        raise UsageError("--sync is for two videos; with --against leave it out.")


def _run(a: str, b: str | None, request: "Request", sync: bool) -> int:
    from monitor.cli.comparing import folders, images, videos
    from monitor.comparing.inputs import Kind, common_kind

    if b is None:
        raise UsageError("Name what A is to be compared with: monitor compare A B, or --against REF.")
    pair = Path(a), Path(b)
    kind = common_kind(*pair)
    if sync and kind is not Kind.VIDEO:
        raise UsageError(f"--sync is for two videos; {a} is none.")
    if kind is Kind.IMAGE:
        return images.run(*pair, request)
    if kind is Kind.FOLDER:
        return folders.run(*pair, request)
    return videos.run(*pair, request, sync=sync)
