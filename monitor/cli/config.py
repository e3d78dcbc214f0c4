"""`monitor config`: write, show, check and describe settings."""

import json
from pathlib import Path
from typing import Annotated

import typer

from monitor.errors import OutputError, OutputExistsError, SettingsError

app = typer.Typer(help="Write, show and check settings.", no_args_is_help=True, rich_markup_mode="rich")

File = Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="Settings file.")]
Preset = Annotated[
    str | None,
    typer.Option("--preset", metavar="NAME", help="Named values to start from: indoor, outdoor, …"),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="One setting, as motion.k_sigma=4; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command(epilog="Example: [cyan]monitor config init driveway.yaml[/]")
def init(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("monitor.yaml"),
    as_json: Json = False,
) -> None:
    """Write a file with every setting, its meaning, range and default; never over an existing one."""
    from monitor.settings.reference import reference_text

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(reference_text())
    except FileExistsError:
        raise OutputExistsError(
            f"{path}: exists already and is left as it is; give another name: monitor config init FILE"
        ) from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    typer.echo(json.dumps({"written": str(path)}) if as_json else f"{path}: written")


@app.command(epilog="Example: [cyan]monitor config show --preset outdoor --set motion.k_sigma=4[/]")
def show(
    config: File = None, preset: Preset = None, overrides: Overrides = None, as_json: Json = False
) -> None:
    """Print the settings in effect as YAML; each that was given says where, and what the default is."""
    from monitor.settings import resolve
    from monitor.settings.reference import discreet, effective_text, origins

    resolved = resolve(config, preset, overrides or ())
    if as_json:
        settings = discreet(resolved.settings).model_dump(mode="json", warnings=False)
        typer.echo(json.dumps({"settings": settings, "from": origins(resolved)}, indent=2))
    else:
        typer.echo(effective_text(resolved), nl=False)


@app.command(epilog="Example: [cyan]monitor config check driveway.yaml[/]")
def check(
    file: Annotated[Path, typer.Argument(help="Settings file.")] = Path("monitor.yaml"),
    as_json: Json = False,
) -> None:
    """Say that a settings file is right, or name every mistake in it; exit code 2 if there is one."""
    from monitor.settings import load_settings

    problems: list[str] = []
    try:
        load_settings(file)
    except SettingsError as error:
        if not as_json:
            raise
        problems = error.problems
    if as_json:
        typer.echo(json.dumps({"ok": not problems, "problems": problems}, indent=2))
    else:
        typer.echo(f"{file}: ok")
    if problems:
        raise typer.Exit(SettingsError.exit_code)


@app.command(epilog="Example: [cyan]monitor config schema > monitor.schema.json[/]")
def schema() -> None:
    """Print the JSON Schema of the settings file, for editors that check and complete YAML.

    With the YAML language server, begin the file with: # yaml-language-server: $schema=monitor.schema.json
    """
    from monitor.settings.reference import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))
