"""``hotline documents``: the Word templates of the papers, for the office to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit

_documents = typer.Typer(help="Papers as Word and PDF: write out the templates, check edited ones.")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(_documents, name="documents")


@_documents.command()
def templates(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where the Word files go.")],
    as_json: JsonOption = False,
) -> None:
    """Write the shipped templates into a folder, to be edited; files that are there already stay."""
    from ticketing.documents import KINDS, default_template

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in KINDS.values():
        path = folder / f"{kind.code}.docx"
        if not path.exists():
            path.write_bytes(default_template(kind))
            written.append(path)
    if as_json:
        print_json({"written": written})
    else:
        console.print(f"{len(written)} templates written; {len(KINDS) - len(written)} were there already.")


@_documents.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(exists=True, file_okay=False, help="Edited templates; default: the city's own.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fill every template with a sample; each one that cannot be filled is named with the reason."""
    from hotline import resources
    from ticketing.documents import KINDS, SAMPLE, TemplateFault, render, template_for

    own = folder or resources.city_dir(settings_or_exit()) / "documents"
    faults = []
    for kind in KINDS.values():
        try:
            render(kind, SAMPLE, template_for(kind, own))
        except TemplateFault as fault:
            faults.append(str(fault))
    if as_json:
        print_json({"checked": len(KINDS), "faults": faults})
    elif not faults:
        console.print(f"{len(KINDS)} templates can be filled.")
    if faults:
        fail("\n".join(faults))
