"""``hotline calendar``: which days are working days, and a year's table to lay over what is built in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    import ticketing


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help="Working days, holidays and make-up days.")
    group.command()(load)
    group.command()(show)
    app.add_typer(group, name="calendar")


def load(
    file: Annotated[Path, typer.Argument(help='JSON {"year", "days": [{"name", "date", "isOffDay"}]}.')],
    as_json: JsonOption = False,
) -> None:
    """Load a year's announced arrangement; dates it changes are computed again and their handlers told."""
    import ticketing

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: {error}")
    table = ticketing.read_table(text, file.name)
    if isinstance(table, list):
        fail("\n".join(f"{file}: {problem}" for problem in table))
    sessions, desk = _office()
    name, now = f"calendar/{table.year}", datetime.now(UTC)
    with sessions.begin() as session:
        corrected = desk.current(session).calendar.source(table.year) is not None
        version = ticketing.setting_version(session, name)
        value = {"text": text, "source": file.name}
        changed = ticketing.change_setting(session, name, value, version, "command line", now)
    if not isinstance(changed, int):
        fail(f"not loaded: {changed.reason} {dict(changed.detail)}")
    moved, after = 0, ""
    while True:
        with sessions.begin() as session:
            more, last = ticketing.recompute(session, desk.current(session), now, after, every=corrected)
        moved += more
        if last is None:
            break
        after = last
    if as_json:
        print_json({"year": table.year, "version": changed, "tickets_moved": moved})
    else:
        console.print(f"{table.year} loaded; dates of {moved} tickets computed again")


def show(
    year: Annotated[int, typer.Argument(min=1950, max=2200, help="The year.")], as_json: JsonOption = False
) -> None:
    """Show the days of a year that differ from Monday to Friday, and where that is known from."""
    sessions, desk = _office()
    with sessions() as session:
        calendar = desk.current(session).calendar
    days = [day for day in _days(calendar, year) if day["differs"]]
    source = calendar.source(year)
    if as_json:
        print_json({"year": year, "source": source, "days": days})
        return
    console.print(f"{year}: {source or 'not known yet, counted by weekday'}", markup=False)
    for day in days:
        console.print(f"  {day['date']}  {'working' if day['working'] else 'off':7}  {day['holiday']}", markup=False)


def _office() -> tuple[sessionmaker[Session], ticketing.OfficeDesk]:
    import ticketing
    from hotline import database, resources

    settings = settings_or_exit()
    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        fail("\n".join(str(problem) for problem in pack))
    return database.sessions(database.build_engine(settings.sqlalchemy_url)), ticketing.OfficeDesk(pack)


def _days(calendar: ticketing.WorkCalendar, year: int) -> list[dict[str, Any]]:
    first = date(year, 1, 1)
    every = (calendar.day(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days))
    return [
        {
            "date": day.date.isoformat(),
            "working": day.working,
            "holiday": day.holiday,
            "differs": day.working != (day.date.weekday() < 5),
        }
        for day in every
    ]
