"""``hotline import`` and ``hotline export``: tickets from an older system, and out of this one, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit
from hotline.cli.user import open_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session, sessionmaker

    from agent_desktop import HouseRules, User
    from agent_desktop.api.ticket_filter import Asked
    from hotline.settings import Settings
    from ticketing import Office
    from ticketing.exchange import Form

AsOption = Annotated[str, typer.Option("--as", help="The person in whose name, and with whose rights.")]


def register(app: typer.Typer) -> None:
    """Adds both command groups."""
    bring = typer.Typer(no_args_is_help=True, help="Bring data in from files.")
    bring.command("tickets")(bring_tickets)
    take = typer.Typer(no_args_is_help=True, help="Take data out as files.")
    take.command("tickets")(take_tickets)
    app.add_typer(bring, name="import")
    app.add_typer(take, name="export")


def bring_tickets(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX or JSONL by its ending.")],
    person: AsOption,
    as_json: JsonOption = False,
) -> None:
    """Register a ticket for each row; rows imported before are passed over, bad ones named by line and reason.

    Columns: external_number, title, text, kind, category, place, caller_name, caller_number, caller_identity,
    confidential, accepted_at, or their Chinese names. CSV may be UTF-8 or GB 18030.
    Ends with status 1 when there were bad rows.
    """
    from rich.progress import Progress

    import cti
    import ticketing
    from hotline.wiring import utc_now
    from ticketing.exchange import BadFile, Importer, read_rows
    from ticketing.exchange.importing import HEADINGS

    form = _form(file)
    settings = settings_or_exit()
    sessions = open_sessions(settings)
    user, rules = _person(settings, sessions, person)
    actor = ticketing.Actor(user.user_id, rules.ticket_roles(user.roles), user.unit_id)
    importer = Importer(sessions, _office(settings), actor, lambda number: cti.normalise(number).key, utc_now())
    counts = {"imported": 0, "known": 0, "bad": 0}
    try:
        with Progress(console=notices) as bar:
            task = bar.add_task("Rows", total=None if form == "xlsx" else file.stat().st_size)
            for outcome in importer.run(read_rows(file, form, HEADINGS)):
                counts[outcome.result] += 1
                if outcome.row.read:
                    bar.update(task, completed=outcome.row.read)
                if outcome.reason and as_json:
                    print_json({"line": outcome.row.line, "reason": outcome.reason})
                elif outcome.reason:
                    notices.print(f"line {outcome.row.line}: {outcome.reason}", markup=False, highlight=False)
    except BadFile as error:
        fail(f"{file}: {error}", status=2)
    if as_json:
        print_json(counts)
    else:
        console.print(f"{counts['imported']} imported, {counts['known']} known already, {counts['bad']} bad")
    if counts["bad"]:
        raise typer.Exit(1)


def take_tickets(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="CSV, XLSX or JSONL by its ending; must not exist.")],
    person: AsOption,
    status: Annotated[list[str] | None, typer.Option(help="Only this status; may be given several times.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be given several times.")] = None,
    channel: Annotated[str | None, typer.Option(help="By which way it came in.")] = None,
    origin: Annotated[str | None, typer.Option(help="Who handed it in.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only tickets of this lead unit.")] = None,
    assisting: Annotated[str | None, typer.Option(help="Only tickets in which this unit assists.")] = None,
    category: Annotated[str | None, typer.Option(help="Only this category and those below it.")] = None,
    light: Annotated[str | None, typer.Option(help="green, yellow or red.")] = None,
    overdue: Annotated[bool | None, typer.Option("--overdue/--in-time", help="Whether a unit was late.")] = None,
    urgency: Annotated[str | None, typer.Option(help="ordinary, urgent, major or emergency.")] = None,
    evaluated: Annotated[
        bool | None, typer.Option("--evaluated/--not-evaluated", help="Whether the caller has evaluated it.")
    ] = None,
    accepted_from: Annotated[str | None, typer.Option(help="Registered on this local day or later.")] = None,
    accepted_to: Annotated[str | None, typer.Option(help="Registered on this local day or earlier.")] = None,
    due_from: Annotated[str | None, typer.Option(help="Due on this local day or later.")] = None,
    due_to: Annotated[str | None, typer.Option(help="Due on this local day or earlier.")] = None,
    closed_from: Annotated[str | None, typer.Option(help="Closed on this local day or later.")] = None,
    closed_to: Annotated[str | None, typer.Option(help="Closed on this local day or earlier.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the tickets that the person may see, newest first; callers of confidential ones are masked.

    Who took what out stands in the access ledger.
    """
    from rich.progress import Progress

    import ticketing
    from agent_desktop.api.ticket_filter import zone_of
    from hotline.wiring import utc_now
    from ticketing.exchange import COLUMNS, Exporter, written

    asked = _asked(
        status=status,
        kind=kind,
        channel=channel,
        origin=origin,
        unit=unit,
        assisting=assisting,
        category=category,
        light=light,
        overdue=overdue,
        urgency=urgency,
        evaluated=evaluated,
        accepted_from=accepted_from,
        accepted_to=accepted_to,
        due_from=due_from,
        due_to=due_to,
        closed_from=closed_from,
        closed_to=closed_to,
    )
    form = _form(file)
    if file.exists():
        fail(f"{file} exists already", status=2)
    settings = settings_or_exit()
    sessions = open_sessions(settings)
    user, rules = _person(settings, sessions, person)
    with sessions() as session:
        office = _office(settings)(session)
    zone, wanted = zone_of(office), asked.wanted(office, utc_now())
    viewer = ticketing.viewer_of(office, ticketing.Actor(user.user_id, rules.ticket_roles(user.roles), user.unit_id))
    knows_all = "ticket.confidential" in rules.permissions(user.roles)
    exporter = Exporter(
        sessions, viewer, lambda one: one.confidential and not knows_all and one.created_by != user.user_id, utc_now()
    )
    exporter.begin(form, asked.told())
    unfinished = file.with_name(f"{file.name}.part")
    count = 0
    with Progress(console=notices) as bar, unfinished.open("wb") as out:
        task = bar.add_task("Tickets", total=None)

        def counted() -> Iterator[dict[str, Any]]:
            nonlocal count
            for row in exporter.of_filter(wanted, zone):
                count += 1
                bar.update(task, completed=count)
                yield row

        for piece in written(form, COLUMNS, counted()):
            out.write(piece)
    unfinished.rename(file)
    if as_json:
        print_json({"tickets": count, "file": file})
    else:
        console.print(f"{count} tickets written.")


def _form(file: Path) -> Form:
    from ticketing.exchange import FORMATS

    found = next((form for form in FORMATS if file.suffix.lower() == f".{form}"), None)
    if found is None:
        fail(f"{file}: the ending is one of {', '.join(f'.{form}' for form in FORMATS)}", status=2)
    return found


def _person(settings: Settings, sessions: sessionmaker[Session], username: str) -> tuple[User, HouseRules]:
    from agent_desktop import BadAccount, find_user
    from hotline.wiring import house_rules

    try:
        with sessions() as session:
            user = find_user(session, username)
    except BadAccount:
        user = None
    if user is None or not user.enabled:
        fail(f"there is no user {username}", status=2)
    return user, house_rules(settings)


def _office(settings: Settings) -> Callable[[Session], Office]:
    import ticketing
    from hotline import resources

    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        fail("\n".join(str(problem) for problem in pack), status=2)
    return ticketing.OfficeDesk(pack).current


def _asked(**said: object) -> Asked:
    """The filter as the web's addresses say it, by the same rules."""
    from pydantic import TypeAdapter, ValidationError

    from agent_desktop.api.ticket_filter import Asked

    try:
        return TypeAdapter(Asked).validate_python(said)
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"--{str(first['loc'][0]).replace('_', '-')} {first['input']}: {first['msg']}", status=2)
