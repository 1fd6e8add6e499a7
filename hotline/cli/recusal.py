"""``hotline recusal``: who is kept from which matters for an interest of theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit
from hotline.cli.user import open_sessions


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help="Who is kept from which matters for an interest of theirs.")
    group.command("list")(list_)
    group.command()(end)
    app.add_typer(group, name="recusal")


def list_(
    every: Annotated[bool, typer.Option("--all", help="Those that are over as well.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show who is kept from what, newest first; of callers the number with its middle hidden."""
    from rich.table import Table

    import cti
    import ticketing
    from agent_desktop import list_users

    with open_sessions(settings_or_exit())() as session:
        found = ticketing.list_recusals(session, None, "all" if every else "open", limit=10_000)
        names = {one.user_id: one.username for one in list_users(session)}
    lines = [
        {
            "recusal_id": one.recusal_id,
            "user": names.get(one.user_id, one.user_id),
            "scope": one.scope,
            "about": cti.normalise(one.scope_id).masked if one.scope == "caller" else one.scope_id,
            "declared_at": one.declared_at.isoformat(timespec="seconds"),
            "ended_at": one.ended_at.isoformat(timespec="seconds") if one.ended_at is not None else None,
        }
        for one in found
    ]
    if as_json:
        print_json(lines)
        return
    table = Table("Id", "User", "Kept from", "", "Declared", "Ended")
    for line in lines:
        table.add_row(*(str(value or "") for value in line.values()))
    console.print(table)


def end(
    recusal_id: Annotated[str, typer.Argument(help="As `hotline recusal list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why it is over; kept in the access ledger.")],
    as_json: JsonOption = False,
) -> None:
    """End one: from now on the matters are there again for that person."""
    import ticketing

    with open_sessions(settings_or_exit()).begin() as session:
        refused = ticketing.end_recusal(session, recusal_id, reason, by="command line", now=datetime.now(UTC))
    if refused is not None:
        fail(f"not ended: {refused.reason}")
    if as_json:
        print_json({"recusal_id": recusal_id})
    else:
        console.print("Ended.")
