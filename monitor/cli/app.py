"""The commands put together; each is in a file of its own and imports what it needs when it runs."""

from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import (
    bench,
    check,
    compare,
    config,
    coverage,
    demo,
    doctor,
    events,
    report,
    scan,
    serve,
    service,
    tune,
    user,
    watch,
)
from monitor.cli.helptext import let_help_flow
from monitor.cli.logged import add_log_options

app = typer.Typer(
    name="monitor",
    help="Watch cameras and recordings: few, true, explained events.",
    epilog="Example: [cyan]monitor scan driveway.mp4[/]",
    no_args_is_help=True,
    # A bug shows Python's own traceback, in full, so that it can be reported.
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command(epilog=watch.EPILOG)(watch.watch)
app.command(epilog=scan.EPILOG)(scan.scan)
app.command(epilog=serve.EPILOG)(serve.serve)
app.command(epilog=compare.EPILOG)(compare.compare)
app.command(epilog=report.EPILOG)(report.report)
app.command(epilog=tune.EPILOG)(tune.tune)
app.command(epilog=bench.EPILOG)(bench.bench)
app.command(epilog=demo.EPILOG)(demo.demo)
app.command(epilog=doctor.EPILOG)(doctor.doctor)
app.add_typer(events.app, name="events")
app.command(epilog=coverage.EPILOG)(coverage.coverage)
app.command(epilog=check.EPILOG)(check.check)
app.add_typer(user.app, name="user")
app.add_typer(service.app, name="service")
app.add_typer(config.app, name="config")
add_log_options(app, events.app)
let_help_flow(app, events.app, user.app, service.app, config.app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and leave.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Watch cameras and recordings: few, true, explained events."""
