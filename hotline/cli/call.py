"""``hotline call``: a real SIP call to the hotline, told as it happens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit

if TYPE_CHECKING:
    from hotline.placed_call import Moment

_COLOURS = {"sip": "cyan", "hears": "green", "presses": "yellow", "asterisk": "magenta"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(call)


def call(
    to: Annotated[str, typer.Option(help="The number to dial; default: the hotline's.", show_default=False)] = "",
    caller: Annotated[
        str, typer.Option("--from", help="The citizen's number, as the agent will see it.")
    ] = "13800138000",
    say: Annotated[Path | None, typer.Option(help="16 bit mono WAV, spoken once after the answer.")] = None,
    digits: Annotated[str, typer.Option(help="Keys to press, groups separated by commas: 1,2")] = "",
    pause: Annotated[float, typer.Option(min=0, help="Seconds before each group of keys.")] = 2.0,
    hangup_after: Annotated[
        float, typer.Option(min=0, help="Seconds after the answer; 0: until the other side.")
    ] = 20.0,
    ring: Annotated[float, typer.Option(min=1, help="Seconds to wait for an answer.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Call the hotline as a citizen and tell what happens: SIP, what is heard, what Asterisk reports.

    With --json every moment is one JSON line, the last one the outcome.  Exit status 1 when nobody answered.
    """
    import asyncio
    import logging
    import re
    from dataclasses import asdict

    from hotline import placed_call

    settings = settings_or_exit()
    groups = tuple(group for group in digits.split(",") if group)
    if not all(re.fullmatch(r"[0-9A-D*#]+", group) for group in groups):
        fail("--digits: only 0-9, A-D, * and #, groups separated by commas", status=2)
    if not re.fullmatch(r"\+?[0-9]{2,20}", caller) or not re.fullmatch(r"[0-9+*#]{0,20}", to):
        fail("--from and --to are numbers", status=2)
    logging.getLogger("cti").addHandler(logging.NullHandler())  # the story itself says when there is no AMI
    plan = placed_call.CallPlan(to or settings.hotline_number, caller, say, groups, pause, hangup_after, ring)
    tell = (lambda moment: print_json(asdict(moment))) if as_json else _print
    try:
        outcome = asyncio.run(placed_call.place_call(settings, plan, tell))
    except placed_call.CannotCall as problem:
        fail(str(problem))
    if as_json:
        print_json({"outcome": asdict(outcome)})
    elif outcome.answered:
        console.print(f"Answered; {outcome.talked:.1f} s; contact {outcome.contact_id or 'unknown'}", highlight=False)
    if not outcome.answered:
        raise typer.Exit(1)


def _print(moment: Moment) -> None:
    colour = _COLOURS[moment.source]
    console.print(f"{moment.seconds:7.2f}  [{colour}]{moment.source:<9}[/] ", end="", highlight=False)
    console.print(moment.text, markup=False, highlight=False)
