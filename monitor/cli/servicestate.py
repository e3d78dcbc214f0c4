"""How the service does, in words."""

from collections.abc import Mapping

import typer

from monitor.service import NAME

_RESULTS = {
    "watchdog": "it gave no sign of life and was ended",
    "oom-kill": "it was ended for want of memory",
    "timeout": "it did not start or end in time",
    "start-limit-hit": "it failed too often in too short a time",
    "protocol": "it ended before it was ready",
}
"""systemd's words (systemd.exec(5), $SERVICE_RESULT) that need others."""


def show(state: Mapping[str, str], whole: bool) -> None:
    """Print what systemd knows of the service, and what to do where it does not run."""
    option, manager = ("--system", "systemctl") if whole else ("--user", "systemctl --user")
    log = f"journalctl {'-u' if whole else '--user -u'} {NAME}"
    if state.get("LoadState") != "loaded":
        typer.echo(f"{NAME} is not installed; `monitor service install {option}` does it.")
        return
    active = state.get("ActiveState", "unknown")
    since = f" since {state['ActiveEnterTimestamp']}" if active == "active" else ""
    typer.echo(f"{NAME}: {active} ({state.get('SubState', 'unknown')}){since}")
    for name, value in _details(state):
        typer.echo(f"  {name:<16} {value}")
    if active == "failed":
        typer.echo(f"  → {log} -n 50; then: {manager} restart {NAME}")
    elif active == "inactive":
        typer.echo(f"  → {manager} start {NAME}")
    else:
        typer.echo(f"  log              {log} -f")


def _details(state: Mapping[str, str]) -> list[tuple[str, str]]:
    result = state.get("Result", "success")
    memory = state.get("MemoryCurrent", "")
    details = {
        "says": state.get("StatusText"),
        "at machine start": {"enabled": "yes", "disabled": "no"}.get(state.get("UnitFileState", "")),
        "process": state.get("MainPID") if state.get("MainPID") != "0" else None,
        "memory": f"{int(memory) / 1e6:.0f} MB" if memory.isdecimal() else None,
        "started again": f"{state['NRestarts']} times" if state.get("NRestarts", "0") != "0" else None,
        "ended": None
        if result == "success"
        else _RESULTS.get(result, f"{result} {state.get('ExecMainStatus', '')}"),
    }
    return [(name, value) for name, value in details.items() if value]
