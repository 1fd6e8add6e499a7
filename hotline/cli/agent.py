"""``hotline agent``: agents' places, added and removed while calls go on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit

if TYPE_CHECKING:
    from hotline.places import PlaceAdded

agents = typer.Typer(help="Agents' places, at run time; no call is disturbed.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    app.add_typer(agents, name="agent")


@agents.command()
def add(
    extension: Annotated[str, typer.Argument(help="The phone's number, 2 to 8 digits; also the place's id.")],
    name: Annotated[str, typer.Option(help="The name people see.")] = "",
    kind: Annotated[str, typer.Option(help="web: phone in the browser; phone: a SIP phone on the desk.")] = "web",
    queue: Annotated[list[str] | None, typer.Option(help="May be given several times; default: citizens.")] = None,
    username: Annotated[str, typer.Option(help="Who sits there; made with a new password if unknown.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Add a place with its phone and, if named, the person who sits there."""
    from hotline import places
    from hotline.cli.user import open_sessions

    settings = settings_or_exit()
    wanted = places.NewPlace(extension, name or extension, kind, tuple(queue or ["citizens"]), username)
    try:
        added = places.add(settings, open_sessions(settings), wanted, datetime.now(UTC))
    except places.BadPlace as error:
        fail(str(error))
    if as_json:
        print_json(vars(added))
    else:
        _say_added(added)


def _say_added(added: PlaceAdded) -> None:
    console.print(f"Added place {added.extension} ({added.kind}).", highlight=False)
    if added.password:
        console.print(f"New user {added.username}, password: {added.password}", markup=False, highlight=False)
    if added.sip_password:
        console.print(f"The phone registers as {added.extension} with: {added.sip_password}", markup=False)
    if not added.switch_told:
        console.print("The switch does not run; it will know the phone when it starts.")


@agents.command()
def remove(
    extension: Annotated[str, typer.Argument(help="The place to take away.")],
    as_json: JsonOption = False,
) -> None:
    """Take a place away: out of all queues, phone gone, its person keeps the log-in.  A call there goes on."""
    from hotline import places
    from hotline.cli.user import open_sessions

    settings = settings_or_exit()
    try:
        told = places.remove(settings, open_sessions(settings), extension)
    except places.BadPlace as error:
        fail(str(error))
    if as_json:
        print_json({"extension": extension, "switch_told": told})
    else:
        console.print(f"Removed place {extension}." + ("" if told else " The switch does not run."), highlight=False)


@agents.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show all places."""
    from rich.table import Table

    from hotline import places
    from hotline.cli.user import open_sessions

    found = places.listed(open_sessions(settings_or_exit()))
    if as_json:
        print_json([vars(place) for place in found])
        return
    table = Table("Extension", "Name", "Kind", "Queues", "User")
    for place in found:
        table.add_row(place.extension, place.name, place.kind, ", ".join(place.queues), place.username)
    console.print(table)
