"""``hotline indicators`` and ``hotline balance``: what the office is measured by, and whether the figures agree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    import ticketing


class Kind(StrEnum):
    """Reporting periods."""

    day = "day"
    noon_day = "noon_day"
    week = "week"
    month = "month"
    assessed_month = "assessed_month"


_Kind = Annotated[Kind, typer.Option(help="noon_day ends at noon; assessed_month runs from the 19th to the 19th.")]
_On = Annotated[str | None, typer.Option(help="A day of the period, YYYY-MM-DD; today without it.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(indicators)
    app.command()(balance)


def indicators(
    period: _Kind = Kind.month,
    on: _On = None,
    unit: Annotated[str | None, typer.Option(help="Only this unit.", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """Counts every indicator of a period: numerator, denominator, percent, for the office and each unit.

    A rate without anything to divide by has no percent.  Points and places follow the regulation's own curves.
    """
    import ticketing

    with _asked(period, on) as (session, office, viewer, asked):
        if unit is not None and unit not in {one.unit_id for one in office.dictionary.units}:
            fail(f"there is no unit {unit!r}", 2)
        found = ticketing.measure(session, office, viewer, asked)
    wanted = {one: figures for one, figures in found.units.items() if unit in (None, one)}
    said = {
        "since": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        "not_regulated": list(found.not_regulated),
        "office": _json(found.office, found.decimals),
        "units": {one: _json(figures, found.decimals) for one, figures in wanted.items()},
    }
    if as_json:
        print_json(said)
    else:
        _show(said)


def balance(period: _Kind = Kind.month, on: _On = None, as_json: JsonOption = False) -> None:
    """Checks that a period's figures agree: tickets with their history, parts with the whole; exit status 1 if not.

    A line is a check with both its sums and the number of tickets that stand on one side only.
    """
    import ticketing

    with _asked(period, on) as (session, office, viewer, asked):
        found = ticketing.check_balance(session, office, viewer, asked)
    if as_json:
        stock = asdict(found.stock) | {"balanced": found.stock.balanced}
        checks = [asdict(one) | {"balanced": one.balanced} for one in found.checks]
        print_json({"balanced": found.balanced, "stock": stock, "checks": checks})
    else:
        _show_balance(found)
    if not found.balanced:
        raise typer.Exit(1)


@contextmanager
def _asked(
    period: Kind, on: str | None
) -> Iterator[tuple[Session, ticketing.Office, ticketing.Viewer, ticketing.Period]]:
    """What a question about a period needs; the whole office is counted."""
    import ticketing
    from hotline import database, resources

    settings = settings_or_exit()
    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        fail("\n".join(str(problem) for problem in pack))
    zone = ZoneInfo(pack.versions[0].rules.counting.time_zone)
    since, until = ticketing.PERIODS[period.value](day_of(on, zone), zone)
    with database.sessions(database.read_only(database.build_engine(settings.sqlalchemy_url)))() as session:
        office = ticketing.OfficeDesk(pack).current(session)
        viewer = ticketing.viewer_of(office, ticketing.Actor("cli", frozenset({"statistics"})))
        yield session, office, viewer, ticketing.Period(since, until, datetime.now(UTC))


def _show_balance(found: ticketing.Balance) -> None:
    from rich.table import Table

    table = Table("check", "whole", "parts", "differing")
    for one in found.checks:
        numbers = (str(one.whole), str(one.parts), str(one.differing))
        table.add_row(one.code, *numbers, style=None if one.balanced else "red")
    console.print(table)
    stock = found.stock
    parts = f"{stock.opening} + {stock.registered} + {stock.reopened} reopened - {stock.closed} closed"
    console.print(f"open: {parts} {'=' if stock.balanced else '≠'} {stock.closing}")


def day_of(on: str | None, zone: ZoneInfo) -> date:
    """The day that was named, or today; ends the program where it is none."""
    if on is None:
        return datetime.now(zone).date()
    try:
        day = date.fromisoformat(on)
    except ValueError:
        fail(f"--on {on!r} is not a date", 2)
    if not 1950 <= day.year <= 2200:
        fail(f"--on {on!r} is out of reach", 2)
    return day


def _json(figures: ticketing.Figures, decimals: int) -> dict[str, Any]:
    return {
        "rates": {
            code: {
                "numerator": float(rate.numerator),
                "denominator": rate.denominator,
                "percent": None if rate.percent is None else float(rate.shown(decimals)),
            }
            for code, rate in figures.rates.items()
        },
        "spans": {name: getattr(figures.spans, name) for name in figures.spans.__slots__},
        "points": None if figures.scored.points is None else float(round(figures.scored.points, 2)),
        "place": figures.scored.place,
    }


def _show(said: dict[str, Any]) -> None:
    from rich.table import Table

    columns = {"office": said["office"], **said["units"]}
    table = Table("indicator", *columns, title=f"{said['since'][:16]} to {said['until'][:16]}")
    for code in said["office"]["rates"]:
        table.add_row(code, *(_rate(figures["rates"][code]) for figures in columns.values()))
    for name in said["office"]["spans"]:
        values = (figures["spans"][name] for figures in columns.values())
        table.add_row(name, *("—" if value is None else f"{value:g}" for value in values))
    table.add_row("points", *("—" if one["points"] is None else f"{one['points']:g}" for one in columns.values()))
    console.print(table)
    if said["not_regulated"]:
        console.print("not regulated: " + ", ".join(said["not_regulated"]))


def _rate(rate: dict[str, Any]) -> str:
    return "—" if rate["percent"] is None else f"{rate['percent']:g} % ({rate['numerator']:g}/{rate['denominator']})"
