"""``hotline rulepack``: check a city's rule pack, show it, print the schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, print_json

_Folder = Annotated[Path, typer.Argument(help="The city's folder, with tickets.toml in it.")]
_Folders = Annotated[Path, typer.Argument(help="A city's folder, or one that holds several.")]


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help="A city's regulation as data.")
    group.command()(check)
    group.command()(show)
    group.command()(schema)
    group.command()(life)
    app.add_typer(group, name="rulepack")


def check(folder: _Folders, as_json: JsonOption = False) -> None:
    """Names every fault of a rule pack with file and line; exit status 1 when there is one."""
    import ticketing

    inside = sorted(path.parent for path in folder.glob("*/tickets.toml"))
    several = inside and not (folder / "tickets.toml").exists()
    packs = [ticketing.load_rulepack(one) for one in (inside if several else [folder])]
    problems = [problem for pack in packs if isinstance(pack, list) for problem in pack]
    if as_json:
        faults = [{"file": one.file, "line": one.line, "message": one.message} for one in problems]
        print_json({"ok": not problems, "problems": faults})
    else:
        for problem in problems:
            typer.echo(str(problem))
        for pack in packs:
            if not isinstance(pack, list):
                versions = ", ".join(version.id for version in pack.versions)
                console.print(f"{pack.city}: no fault; versions {versions}", markup=False)
    if problems:
        raise typer.Exit(1)


def show(folder: _Folder, as_json: JsonOption = False) -> None:
    """Shows what the pack regulates, with the article of each topic, and what it leaves open."""
    import ticketing

    pack = ticketing.load_rulepack(folder)
    if isinstance(pack, list):
        fail("\n".join(str(problem) for problem in pack))
    said = ticketing.pack_json(pack)
    if as_json:
        print_json(said)
        return
    for version in said["versions"]:
        console.print(f"[bold]{pack.name}[/bold] version {version['id']}, from {version['effective'] or 'not stated'}")
        for topic, value in version["rules"].items():
            text = "not regulated" if value is None else str(value)
            console.print(f"  {topic}: {text}", markup=False, highlight=False, soft_wrap=True)


def schema() -> None:
    """Prints the schema of tickets.toml as Markdown (it stands in docs/city.md)."""
    import ticketing

    typer.echo(ticketing.schema_markdown(), nl=False)


def life() -> None:
    """Prints the table of a ticket's life as diagrams and lists in Markdown (it stands in docs/ticket-life.md)."""
    import ticketing

    typer.echo(ticketing.life_markdown(), nl=False)
