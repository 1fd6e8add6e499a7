"""``hotline assess``: measures all units over a period by the regulation's marks and writes down what follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from hotline.cli.indicators import Kind, day_of
from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(assess)


def assess(
    period: Annotated[Kind, typer.Option(help="noon_day ends at noon; assessed_month is the 19th to the 19th.")] = (
        Kind.month
    ),
    on: Annotated[
        str | None, typer.Option(help="A day of the period, YYYY-MM-DD; today without it.", show_default=False)
    ] = None,
    campaign: Annotated[str | None, typer.Option(help="The campaign that has just ended.", show_default=False)] = None,
    rank: Annotated[
        str, typer.Option(help="Units from best to worst by the office's own scores, with commas between.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Assesses all units; each duty that follows is written down once, however often the period is assessed.

    A regulation without an assessment is refused, with exit status 1.
    """
    import ticketing
    from hotline import database, resources

    settings = settings_or_exit()
    pack = ticketing.load_rulepack(resources.city_dir(settings))
    if isinstance(pack, list):
        fail("\n".join(str(problem) for problem in pack))
    zone = ZoneInfo(pack.versions[0].rules.counting.time_zone)
    since, until = ticketing.PERIODS[period.value](day_of(on, zone), zone)
    ranking = [one for one in rank.split(",") if one]
    with database.sessions(database.build_engine(settings.sqlalchemy_url)).begin() as session:
        office = ticketing.OfficeDesk(pack).current(session)
        unknown = set(ranking) - {unit.unit_id for unit in office.dictionary.units}
        if unknown:
            fail(f"there is no unit {', '.join(sorted(unknown))}", 2)
        found = ticketing.run_assessment(
            session, office, since, until, by="cli", now=datetime.now(UTC), campaign=campaign, ranking=ranking
        )
    if isinstance(found, ticketing.Refused):
        fail("this city's regulation has no assessment")
    lines = [{"unit": one.unit_id, "why": one.why, "acts": list(one.acts), "src": list(one.src)} for one in found]
    if as_json:
        print_json({"since": since.isoformat(), "until": until.isoformat(), "findings": lines})
        return
    for one in found:
        console.print(f"{one.unit_id}: {one.why} → {', '.join(one.acts) or 'nothing'} ({'; '.join(one.src)})")
    if not found:
        console.print("every unit that is measured has reached its marks")
