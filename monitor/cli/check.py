"""`monitor check`: the journal against the disk, both ways; repairs on request."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer

from monitor.cli.config import File, Json
from monitor.cli.journal import Address, journal_of, node_of

if TYPE_CHECKING:
    from monitor.outputs.journal.address import Place
    from monitor.outputs.journal.check import Finding
    from monitor.outputs.journal.repair import Outcome

EPILOG = (
    "Example: [cyan]monitor check --repair[/]\n\n"
    "Exit code: 0 all is in order or was repaired, 1 something is not, 2 wrong use, 3 the journal is away."
)


def check(
    repair: Annotated[
        bool, typer.Option("--repair", help="Put it in order; nothing that was recorded is deleted.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="The output folder, if another.")
    ] = None,
    journal: Address = None,
    config: File = None,
    as_json: Json = False,
) -> None:
    """Compare the journal with the disk: files that are missing, that no event names, that do not play.

    Also events that a crash left open, and files that it left unfinished. With --repair events are closed
    at the last moment known, files are named in their events, and what belongs to nothing is moved to
    lost+found. It may run beside `monitor watch`.
    """
    from monitor.outputs.journal.repair import Outcome
    from monitor.settings import load_settings

    settings = load_settings(config)
    if out is not None:
        outputs = settings.outputs.model_copy(update={"folder": out})
        settings = settings.model_copy(update={"outputs": outputs})
    place, node, folder = journal_of(settings, journal), node_of(settings), settings.outputs.folder
    outcomes: list[Outcome] = []
    if damage := _damage(place):
        outcomes.append(_renewed(place, damage) if repair else Outcome(damage, None))
    if not damage or repair:
        outcomes += _repaired(place, folder, node) if repair else _found(place, folder, node)
    if as_json:
        typer.echo(json.dumps(_as_record(outcomes), indent=2, ensure_ascii=False))
    else:
        _show(outcomes)
    if any(outcome.did is None for outcome in outcomes):
        raise typer.Exit(1)


def _damage(place: "Place") -> "Finding | None":
    from monitor.outputs.journal.address import shown
    from monitor.outputs.journal.check import Disorder, Finding, damage_of
    from monitor.outputs.journal.errors import JournalDamagedError
    from monitor.outputs.journal.journal import Journal

    try:
        with Journal.open(place, create=False) as opened:
            why = damage_of(opened)
    except JournalDamagedError as error:
        why = str(error)
    return Finding(Disorder.JOURNAL, shown(place), why) if why else None


def _renewed(place: "Place", damage: "Finding") -> "Outcome":
    from monitor.outputs.journal.journal import Journal
    from monitor.outputs.journal.opening import keep_aside
    from monitor.outputs.journal.repair import Outcome

    aside, *_ = keep_aside(Path(damage.subject), f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    Journal.open(place).close()
    return Outcome(damage, f"kept aside as {aside}; a new journal is begun")


def _found(place: "Place", folder: Path, node: str) -> "list[Outcome]":
    from monitor.outputs.journal.check import Check
    from monitor.outputs.journal.journal import Journal
    from monitor.outputs.journal.repair import Outcome

    with Journal.open(place, create=False) as opened, _Bar() as bar:
        found = Check(folder, opened, node, datetime.now(UTC)).findings(bar.show)
        return [Outcome(finding, None) for finding in found]


def _repaired(place: "Place", folder: Path, node: str) -> "list[Outcome]":
    from monitor.clock import SystemClock
    from monitor.outputs.journal.journal import Journal
    from monitor.outputs.journal.repair import Repair

    with Journal.open(place, create=False) as opened, _Bar() as bar:
        repair = Repair(folder, opened, lambda: Journal.open(place), node, SystemClock())
        return list(repair.run(bar.show))


class _Bar:
    """How many clips have been tried, on a terminal."""

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("trying clips", total=None)
        if self._progress.console.is_terminal:
            self._progress.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._progress.stop()

    def show(self, done: int, of: int) -> None:
        """Show how far it is."""
        self._progress.update(self._task, completed=done, total=of)


def _as_record(outcomes: "Sequence[Outcome]") -> dict[str, Any]:
    return {
        "ok": all(outcome.did is not None for outcome in outcomes),
        "findings": [
            {
                "what": outcome.finding.what.value,
                "subject": outcome.finding.subject,
                "why": outcome.finding.why,
                "events": list(outcome.finding.event_ids),
                "repaired": outcome.did,
                "error": outcome.error,
            }
            for outcome in outcomes
        ],
    }


def _show(outcomes: "Sequence[Outcome]") -> None:
    for outcome in outcomes:
        found = outcome.finding
        typer.echo(f"{found.what.value}: {found.subject}: {found.why}")
        if outcome.did is not None:
            typer.echo(f"  → {outcome.did}")
        elif outcome.error is not None:
            typer.echo(f"  → not repaired: {outcome.error}")
    left = sum(outcome.did is None for outcome in outcomes)
    if not outcomes:
        typer.echo("The journal and the disk agree.")
    elif left < len(outcomes):
        typer.echo(f"{len(outcomes) - left} of {len(outcomes)} repaired.")
    else:
        typer.echo(f"{left} found; `monitor check --repair` puts them in order and deletes nothing.")
