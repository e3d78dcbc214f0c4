"""`python -m benchmarks.reliability`: faults of the live program, one row each, written into RESULTS.md."""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from benchmarks.reliability import budget, clocks, disks, killing, servers, signals, soak
from benchmarks.reliability.fault import Fault, FaultError, MissingError, Row
from benchmarks.results import measured_on, table, write_sections

HERE = Path(__file__).parent

FAULTS: Mapping[str, Fault] = {
    "server-restarted": signals.killed_and_restarted,
    "black-hole": signals.black_holed,
    "garbage": signals.garbage,
    "packet-loss": signals.packets_lost,
    "other-codec": signals.other_codec,
    "other-size": signals.other_size,
    "clock-forward": clocks.set_forward,
    "clock-back": clocks.set_back,
    "disk-full": disks.full,
    "disk-read-only": disks.read_only,
    "broker-away": servers.broker_away,
    "database-restarted": servers.database_restarted,
    "quarter-core": budget.held,
    "kill": killing.kill_at_random,
    "soak": soak.soak,
}
"""All faults by name."""


def tried(fault: Fault, short: bool) -> Row:
    """Try one in a folder of its own; what cannot be tried and what never came are rows too."""
    with tempfile.TemporaryDirectory(prefix="fault") as folder:
        try:
            return fault(Path(folder), short)
        except MissingError as error:
            return Row(_about(fault), "", f"not tried: {error}", None)
        except FaultError as error:
            return Row(_about(fault), "", str(error), False)


def _about(fault: Fault) -> str:
    return (fault.__doc__ or "").strip().rstrip(".").lower()


def _write(results: Path, name: str, cells: Sequence[str]) -> None:
    """Write the row of a fault, and keep those of the others."""
    text = results.read_text(encoding="utf-8") if results.exists() else ""
    known = {line.split(" | ")[0].removeprefix("| "): line for line in text.splitlines()}
    known[name] = "| " + " | ".join([name, *cells]) + " |"
    head = table(["fault", "verdict", "done", "expected", "found", "tried"], []).replace("---:", "---")
    lines = head + "\n".join(known[each] for each in FAULTS if each in known) + "\n"
    about = f"Each is a real `monitor watch` on a real RTSP server, but for the soak. {measured_on()}\n"
    write_sections(results, "Live watching, measured", {"Faults": about + lines})


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"Names, of {', '.join(FAULTS)}.")] = None,
    short: Annotated[bool, typer.Option("--short", help="Seconds instead of minutes each.")] = False,
    results: Annotated[Path, typer.Option(help="Where the rows go.")] = HERE / "RESULTS.md",
) -> None:
    """Try faults, print and write a row of each, and end with 1 where one did not pass."""
    if unknown := set(only or ()) - set(FAULTS):
        raise typer.BadParameter(f"no fault is called {', '.join(unknown)}; there are {', '.join(FAULTS)}")
    wrong = 0
    for name in only or FAULTS:
        began_s = monotonic()
        row = tried(FAULTS[name], short)
        verdict = {True: "pass", False: "FAIL", None: "not tried"}[row.passed]
        print(
            f"{verdict}  {name}: {row.done}\n  expected: {row.expected}\n  found: {row.found}\n", flush=True
        )
        wrong += row.passed is False
        tried_on = f"{datetime.now(UTC):%Y-%m-%d}, {monotonic() - began_s:.0f} s{', short' if short else ''}"
        _write(results, name, [verdict, row.done, row.expected, row.found, tried_on])
    sys.exit(bool(wrong))


if __name__ == "__main__":
    typer.run(main)
