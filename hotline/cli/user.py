"""``hotline user``: the people who may log in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    import ticketing
    from hotline.settings import Settings

AskOption = Annotated[bool, typer.Option("--password", help="Ask for the password (or read one line from a pipe).")]

users = typer.Typer(help="The people who may log in to the desk.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    app.add_typer(users, name="user")


def open_sessions(settings: Settings) -> sessionmaker[Session]:
    """Sessions on this installation's database; ends the command when that cannot be reached or was never migrated."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import SQLAlchemyError

    from hotline import database

    engine = database.build_engine(settings.sqlalchemy_url)
    try:
        migrated = inspect(engine).has_table("desk_user")
    except SQLAlchemyError:
        fail("The database cannot be reached; `hotline doctor` says more.")
    if not migrated:
        fail("The database has no tables yet: run `hotline migrate` first.")
    return database.sessions(engine)


def read_password() -> str:
    """A password from the terminal, asked twice, or the first line of a pipe."""
    import sys

    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@users.command()
def add(
    username: Annotated[str, typer.Argument(help="1 to 64 letters, digits or . _ @ + -")],
    name: Annotated[str, typer.Option(help="The name people see.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="May be given several times; default: agent.")] = None,
    agent: Annotated[str | None, typer.Option(help="The agent's place this person sits at.")] = None,
    unit: Annotated[str | None, typer.Option(help="The handling unit the person works for; none: the office.")] = None,
    ask: AskOption = False,
    as_json: JsonOption = False,
) -> None:
    """Add a person; without --password one is generated and printed, once."""
    from agent_desktop import BadAccount, add_user, generate_password

    settings = settings_or_exit()
    roles = role or ["agent"]
    sessions = open_sessions(settings)
    password = read_password() if ask else generate_password()
    try:
        with sessions.begin() as session:
            _check_place(session, agent)
            _check_unit(session, settings, unit)
            _check_roles(session, settings, roles)
            made = add_user(
                session,
                username=username,
                password=password,
                display_name=name,
                roles=roles,
                agent_id=agent,
                unit_id=unit,
                now=datetime.now(UTC),
            )
    except BadAccount as error:
        fail(str(error))
    shown = vars(made) | ({} if ask else {"password": password})
    if as_json:
        print_json(shown)
    else:
        console.print(f"Added {made.username}." + ("" if ask else f" Password: {password}"), markup=False)


@users.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show everybody who may log in."""
    from rich.table import Table

    from agent_desktop import list_users

    with open_sessions(settings_or_exit())() as session:
        found = list_users(session)
    if as_json:
        print_json([vars(user) for user in found])
        return
    table = Table("User", "Name", "Roles", "Agent's place", "")
    for user in found:
        off = "" if user.enabled else "disabled"
        table.add_row(user.username, user.display_name, ", ".join(user.roles), user.agent_id or "", off)
    console.print(table)


@users.command()
def passwd(
    username: Annotated[str, typer.Argument(help="Whose password.")],
    ask: AskOption = False,
    as_json: JsonOption = False,
) -> None:
    """Change a password and end that person's sessions; without --password one is generated and printed."""
    from agent_desktop import BadAccount, generate_password, set_password

    sessions = open_sessions(settings_or_exit())
    password = read_password() if ask else generate_password()
    try:
        with sessions.begin() as session:
            changed = set_password(session, username, password)
    except BadAccount as error:
        fail(str(error))
    shown: dict[str, Any] = {"username": changed.username} | ({} if ask else {"password": password})
    if as_json:
        print_json(shown)
    else:
        console.print(f"Changed {changed.username}." + ("" if ask else f" Password: {password}"), markup=False)


def _check_place(session: Session, agent_id: str | None) -> None:
    """Refuses a place that does not exist or is taken."""
    import cti
    from agent_desktop import BadAccount, user_of_agent

    if agent_id is None:
        return
    if cti.get_agent(session, agent_id) is None:
        raise BadAccount(f"there is no agent {agent_id}; `hotline agent add` makes one")
    taken = user_of_agent(session, agent_id)
    if taken is not None:
        raise BadAccount(f"{taken.username} sits at {agent_id} already")


def _check_unit(session: Session, settings: Settings, unit: str | None) -> None:
    """Ends the command when the office has no such handling unit."""
    if unit is None:
        return
    known = [one.unit_id for one in _office(session, settings).dictionary.units]
    if unit not in known:
        fail(f"There is no unit {unit}; known: {', '.join(known)}.")


def _check_roles(session: Session, settings: Settings, roles: list[str]) -> None:
    """Ends the command when neither the desk's file nor the office, at run time, has one of the roles."""
    from hotline.wiring import house_rules

    made = [code for code, role in _office(session, settings).roles.items() if role.permissions]
    known = [*house_rules(settings).roles, *made]
    unknown = sorted(set(roles) - set(known))
    if unknown:
        fail(f"There is no role {', '.join(unknown)}; known: {', '.join(known)}.")


def _office(session: Session, settings: Settings) -> ticketing.Office:
    """The office as it works now; ends the command when the city's rules cannot be read."""
    import ticketing
    from hotline import resources

    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        fail("\n".join(str(problem) for problem in pack), status=2)
    return ticketing.OfficeDesk(pack).current(session)
