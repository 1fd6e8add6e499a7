"""``hotline ledger``: prove that nothing in the ledgers was changed, removed or put in."""

from __future__ import annotations

from typing import Annotated

import typer

from hotline.cli.output import JsonOption, console, notices, print_json, settings_or_exit

MEANING = {
    "line_changed": "a line was changed",
    "not_the_line_before": "a line does not follow the one before it",
    "lines_missing": "lines are missing or were put in",
    "end_missing": "the newest lines are missing",
}


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help="The tickets' append-only ledgers.")
    group.command()(verify)
    group.command()(heads)
    app.add_typer(group, name="ledger")


def verify(
    known: Annotated[
        list[str] | None, typer.Option(help="CHAIN:POSITION:HASH of a line that was written down earlier.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every line against the hash of the line before it; the first lines that do not hold are named.

    Heads written down earlier (``hotline ledger heads``) also prove that nobody wrote the whole ledger anew.
    """
    import ticketing
    from hotline import database

    sessions = database.sessions(database.read_only(database.build_engine(settings_or_exit().sqlalchemy_url)))
    with sessions() as session:
        breaks = list(ticketing.verify(session))
        lines = ticketing.ledger_lines(session)
        lost = [one for one in known or [] if not ticketing.holds_line(session, one)]
    if as_json:
        places = [
            {"chain": one.chain, "position": one.position, "entry_id": one.entry_id, "problem": one.problem}
            for one in breaks
        ]
        print_json({"ok": not breaks and not lost, "lines": lines, "breaks": places, "lost": lost})
    for one in breaks if not as_json else []:
        where = f"chain {one.chain}, line {one.position}"
        notices.print(f"BROKEN: {where}: {MEANING[one.problem]}", style="red", markup=False)
    for lost_line in lost if not as_json else []:
        notices.print(f"BROKEN: {lost_line} does not stand in the ledger", style="red", markup=False)
    if breaks or lost:
        raise typer.Exit(1)
    if not as_json:
        console.print(f"{lines} lines, every one follows from the one before it")


def heads(as_json: JsonOption = False) -> None:
    """Print the newest line of each chain, to be kept outside and given to ``verify --known`` later."""
    import ticketing
    from hotline import database

    sessions = database.sessions(database.read_only(database.build_engine(settings_or_exit().sqlalchemy_url)))
    with sessions() as session:
        found = ticketing.ledger_heads(session)
    if as_json:
        print_json(found)
        return
    for head in found:
        typer.echo(head)
