"""`monitor doctor --inject`: the smallest and the slowest walker that would be found."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.injecting.footage import Footage
    from monitor.injecting.search import Limit
    from monitor.settings import Settings

_PERSON_M = 1.75
"""Somebody of this height is told of where speeds are given in metres."""


def inject(
    source: str | None, settings: "Settings", *, contrast: float, height: float | None, as_json: bool
) -> None:
    """Paint walkers into a recording or a camera's pictures, and say which of them are found."""
    from rich.console import Console

    from monitor.injecting.search import limits

    with Console(stderr=True).status("looking at the pictures") as status:
        footage, own = _footage(source, settings)
        status.update("walking")
        found = []
        for limit in limits(footage, own, contrast=contrast, height=height):
            found.append(limit)
            status.update(f"walking; {len(found)} done")
    if as_json:
        typer.echo(json.dumps(_as_record(footage, found), indent=2))
    else:
        _show(footage, found)


def _footage(source: str | None, settings: "Settings") -> "tuple[Footage, Settings]":
    """Return what is to be walked through, with the settings of its camera."""
    from monitor.capture.opening import inputs_of
    from monitor.clock import SystemClock
    from monitor.injecting.footage import live_footage, recorded_footage
    from monitor.settings.sources import with_sources

    if source is None and len(settings.cameras) != 1:
        names = ", ".join(settings.cameras) or "none"
        raise UsageError(f"Name a recording or a camera: monitor doctor --inject SOURCE. Cameras: {names}.")
    if source is not None and source not in settings.cameras and Path(source).exists():
        items = inputs_of([source])
        if len(items) > 1:
            raise UsageError(f"{source} holds {len(items)} recordings; name one of them.")
        return recorded_footage(items[0], settings), settings
    watched = with_sources(settings, [source] if source is not None else [])
    ((name, camera),) = watched.cameras.items()
    own = watched.of_camera(name)
    if camera.kind_of_address == "file":
        return recorded_footage(inputs_of([str(camera.address)])[0], own), own
    return live_footage(name, camera, own, SystemClock()), own


def _as_record(footage: "Footage", found: "Sequence[Limit]") -> dict[str, object]:
    return {
        "source": footage.name,
        "size": list(footage.source),
        "analysed_size": list(footage.size),
        "looked_s": round(footage.duration_s, 3),
        "noise_levels": round(footage.noise_levels, 3),
        "limits": [
            {
                "zone": limit.zone,
                "light": limit.light,
                "how": limit.how,
                "contrast_levels": round(limit.contrast, 1),
                "smallest_height_fraction": limit.smallest,
                "smallest_height_px": limit.smallest_px,
                "missed_because": limit.missed,
                "slow_height_fraction": limit.height,
                "slowest_heights_per_s": limit.slowest_per_s,
                "missed_slow_because": limit.missed_slow,
            }
            for limit in found
        ],
    }


def _show(footage: "Footage", found: "Sequence[Limit]") -> None:
    """Print a paragraph for each zone and light."""
    from rich.console import Console
    from rich.markup import escape
    from rich.padding import Padding

    width, height = footage.source
    console = Console(highlight=False)
    console.print(
        f"[bold]{escape(footage.name)}[/]: {width}x{height}, {footage.duration_s:.0f} s looked at, noise of "
        f"{footage.noise_levels:.1f} grey levels in the analysed pictures of {footage.size.width}x"
        f"{footage.size.height}"
    )
    for limit in found:
        where = f"in {limit.zone}" if limit.zone else "in the middle of the picture"
        console.print(
            f"[bold]{limit.light}[/], {escape(where)} ({escape(limit.how)}; contrast "
            f"{limit.contrast:.0f} grey levels):"
        )
        for line in _lines(limit):
            depth = 2 + len(line) - len(line.lstrip())
            console.print(Padding(escape(line.lstrip()), (0, 0, 0, depth)))
    if len({limit.light for limit in found}) == 1:
        console.print("These are pictures of the night; give a recording of the day for the day.")


def _lines(limit: "Limit") -> list[str]:
    if limit.smallest is None:
        return [f"no walker is found, however tall: {limit.missed}"]
    lines = [f"smallest walker found: {limit.smallest:.1%} of the height, {limit.smallest_px:.0f} pixels"]
    if limit.missed is not None:
        lines.append(f"  a smaller one is missed: {limit.missed}")
    tall = f"one of {limit.height:.0%} of the height"
    if limit.slowest_per_s is None:
        return [*lines, f"slowest: {tall} is not found at any speed: {limit.missed_slow}"]
    speed = f"{limit.slowest_per_s:.2f} of its height a second ({limit.slowest_per_s * _PERSON_M:.2f} m/s)"
    lines.append(f"slowest found: {tall} at {speed}")
    if limit.missed_slow is None:
        return [*lines, "  nothing slower was tried"]
    return [*lines, f"  a slower one is missed: {limit.missed_slow}"]
