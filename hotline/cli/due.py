"""``hotline due``: when a matter is due by a city's regulation, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit

if TYPE_CHECKING:
    import ticketing


class Mode(StrEnum):
    """How the matter is handed over."""

    phone = "phone"
    written = "written"
    three_way = "three_way"


class Category(StrEnum):
    """Kinds of request."""

    inquiry = "inquiry"
    help = "help"
    complaint = "complaint"
    report = "report"
    suggestion = "suggestion"
    thanks = "thanks"
    efficacy_complaint = "efficacy_complaint"


class Step(StrEnum):
    """What must be done in time."""

    handle = "handle"
    accept = "accept"
    sign = "sign"
    return_ = "return"


class Origin(StrEnum):
    """Where the matter comes from."""

    citizen = "citizen"
    provincial = "provincial"
    provincial_petition_bureau = "provincial_petition_bureau"
    provincial_phone_office = "provincial_phone_office"
    city_leader = "city_leader"
    other_platform = "other_platform"


_City = Annotated[str | None, typer.Option(help="A shipped city; without it the configured one.", show_default=False)]
_Start = Annotated[
    str | None, typer.Option(help="When the clock started, ISO 8601; without an offset the city's time.")
]
_Days = Annotated[int | None, typer.Option(min=1, max=3660, help="Working days set by the centre or by a law.")]
_Extend = Annotated[int | None, typer.Option(min=1, max=3660, help="An extension of so many days.")]
_FromDue = Annotated[str | None, typer.Option(help="The date the extension starts from, YYYY-MM-DD.")]
_Tables = Annotated[list[Path] | None, typer.Option("--calendar", help="A year's table laid over the calendar.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(due)


def due(
    city: _City = None,
    start: _Start = None,
    mode: Annotated[Mode | None, typer.Option(help="How it is handed over.")] = None,
    category: Annotated[Category | None, typer.Option(help="Kind of request.")] = None,
    step: Annotated[Step, typer.Option(help="What must be done in time.")] = Step.handle,
    origin: Annotated[Origin, typer.Option(help="Where it comes from.")] = Origin.citizen,
    days: _Days = None,
    basis: Annotated[str | None, typer.Option(help="The law that names --days.")] = None,
    extend: _Extend = None,
    from_due: _FromDue = None,
    calendar: _Tables = None,
    as_json: JsonOption = False,
) -> None:
    """Says when a matter is due by a city's regulation, day by day and with the article.

    Needs --start, or --extend with --from-due.  A regulation that is silent gives no date: it is not filled in.
    """
    import ticketing

    if (extend is None) != (from_due is None):
        fail("--extend and --from-due belong together", 2)
    if start is None and from_due is None:
        fail("--start is needed", 2)
    pack = _pack(city)
    days_of = _calendar(calendar or [])
    zone = ZoneInfo(pack.versions[0].rules.counting.time_zone)
    begun = _moment(start, zone, "--start") if start is not None else None
    old_due = _moment(from_due, zone, "--from-due") if from_due is not None else None
    first = begun or old_due
    assert first is not None  # one of the two was given
    version = pack.in_force(first.astimezone(zone).date())
    if old_due is not None and extend is not None:
        answer = ticketing.ask_extension(version.rules, old_due, extend, first, days_of)
    else:
        question = ticketing.Question(
            start=first,
            step=step.value,
            mode=mode.value if mode else None,
            kind=category.value if category else None,
            origin=origin.value,
            days=days,
            basis=basis,
        )
        answer = ticketing.ask(version.rules, question, days_of)
    said = answer.as_json() | {"city": pack.city, "version": version.id, "citation": pack.cite(answer.src) or None}
    if as_json:
        print_json(said)
    else:
        _show(said)
    if answer.status == "needs":
        fail(f"{answer.note}; give " + ", ".join(_option(name) for name in answer.needs), 2)


def _pack(city: str | None) -> ticketing.RulePack:
    import ticketing
    from hotline import resources

    if city is None:
        folder = resources.city_dir(settings_or_exit())
    else:
        folder = resources.cities() / city
        if not city.replace("_", "").isalnum() or not folder.is_dir():
            known = sorted(path.name for path in resources.cities().iterdir() if (path / "tickets.toml").is_file())
            fail(f"there is no city {city!r}; known: {', '.join(known)}", 2)
    pack = ticketing.load_rulepack(folder)
    if isinstance(pack, list):
        fail("\n".join(str(problem) for problem in pack))
    return pack


def _calendar(files: list[Path]) -> ticketing.WorkCalendar:
    import ticketing

    tables = _loaded()
    for path in files:
        try:
            table = ticketing.read_table(path.read_text(encoding="utf-8"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{path}: {error}")
        if isinstance(table, list):
            fail("\n".join(f"{path}: {problem}" for problem in table))
        tables.append(table)
    return ticketing.WorkCalendar(tables)


def _loaded() -> list[ticketing.YearTable]:
    """The tables this installation has loaded; none where there is no database yet."""
    from sqlalchemy.exc import SQLAlchemyError

    import ticketing
    from hotline import database, settings

    try:
        url = settings.load().sqlalchemy_url
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
            return []
        with database.sessions(database.read_only(database.build_engine(url)))() as session:
            return ticketing.loaded_tables(session)
    except (settings.BadSettings, SQLAlchemyError):
        notices.print("the database was not asked: dates by the built-in calendar", style="yellow")
        return []


def _moment(text: str, zone: ZoneInfo, option: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        moment.astimezone(zone)
    except (ValueError, OverflowError):
        fail(f"{option} {text!r} is not an ISO 8601 date or time", 2)
    if not 1950 <= moment.year <= 2200:
        fail(f"{option} {text!r} is out of reach", 2)
    return moment


def _option(name: str) -> str:
    return {"kind": "--category"}.get(name, f"--{name}")


def _show(said: dict[str, Any]) -> None:
    if said["due"] is None:
        console.print(f"no date: {said['note']}" + (f" ({said['citation']})" if said["citation"] else ""))
        return
    console.print(
        f"[bold]due {said['due']}[/bold]" + (" [yellow](provisional)[/yellow]" if said["provisional"] else "")
    )
    if said["target"]:
        console.print(f"target {said['target']}")
    console.print(
        f"by {said['citation'] or said['article'] or 'no article'}; version {said['version']} of {said['city']}"
    )
    if said["note"]:
        notices.print(said["note"], markup=False)
    days = sorted(said["trace"] + said["skipped"], key=lambda day: day["date"])
    for day in days:
        number = f"day {day['day']}" if day["day"] else "–"
        console.print(f"  {day['date']}  {number:>7}  {day['why']} {day.get('holiday', '')}".rstrip(), markup=False)
    console.print("counted by " + ", ".join(f"{name} {choice}" for name, choice in said["conventions"].items()))
