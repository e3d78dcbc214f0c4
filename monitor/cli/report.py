"""`monitor report`: the report on a scan, made anew."""

import json
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.config import File, Json
from monitor.cli.journal import Utc

EPILOG = "Example: [cyan]monitor report results[/]"


def report(
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder that --out of `monitor scan` named.")
    ],
    config: File = None,
    utc: Utc = False,
    as_json: Json = False,
) -> None:
    """Write report.html, report.csv and report.json anew from what a scan left in its folder.

    A scan does so at its end; do it again where results were moved or deleted, or for another time zone.
    Days and times are those of archive.timezone in the settings, without it those of this machine.
    """
    from monitor.archive.report.write import write_report
    from monitor.archive.starttime import zone_of
    from monitor.errors import UsageError
    from monitor.settings import load_settings
    from monitor.storage.address import is_stored

    if is_stored(folder):
        raise UsageError(
            f"{folder} is in a store, where `monitor scan` writes the report at the end of each scan; for "
            "another one copy the results into a folder of this machine."
        )
    written = write_report(Path(folder), UTC if utc else zone_of(load_settings(config).archive))
    paths = {"page": written.page, "table": written.table, "record": written.record}
    if as_json:
        record = {name: str(path) for name, path in paths.items()}
        typer.echo(json.dumps({**record, "files": written.files, "events": written.events}))
        return
    typer.echo(f"{_count(written.events, 'event')} in {_count(written.files, 'recording')}:")
    for path in paths.values():
        typer.echo(f"  {path}")


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'s' * (number != 1)}"
