"""``hotline outbox``: what was told to the outside world, what could not be, and trying again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

_STATES = ("waiting", "done", "dead", "all")


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help="Events on their way out: webhook, text messages, e-mail.")
    group.command("list")(list_)
    group.command()(retry)
    app.add_typer(group, name="outbox")


def list_(
    state: Annotated[str, typer.Option(help="waiting, done, dead or all.")] = "dead",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show events; dead ones were given up after twelve tries. Bodies hold ids only."""
    import ticketing
    from hotline import database

    if state not in _STATES:
        fail(f"--state is one of {', '.join(_STATES)}", status=2)
    sessions = database.sessions(database.read_only(database.build_engine(settings_or_exit().sqlalchemy_url)))
    with sessions() as session:
        counts = ticketing.outbox_counts(session)
        found = ticketing.outbox_page(session, None if state == "all" else state, None, limit)
    if as_json:
        rows = [
            {
                "outbox_id": one.event.outbox_id,
                "event": one.event.event,
                "channel": one.event.channel,
                "state": one.state,
                "attempts": one.event.attempts,
                "created_at": one.event.created_at,
                "due_at": one.due_at,
                "problem": one.problem,
            }
            for one in found
        ]
        print_json({"counts": counts, "events": rows})
        return
    console.print(f"waiting {counts['waiting']}, done {counts['done']}, dead {counts['dead']}")
    for one in found:
        event = one.event
        tries = f"{event.attempts} tries"
        said = [str(event.outbox_id), one.state, event.channel or "-", event.event, tries, one.problem or ""]
        console.print("  ".join(said), markup=False, highlight=False)


def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers as `list` shows them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead event.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Try dead events again, from the first attempt."""
    from datetime import UTC
    from datetime import datetime as clock

    import ticketing
    from hotline import database

    if bool(ids) == every:
        fail("name events, or give --all", status=2)
    sessions = database.sessions(database.build_engine(settings_or_exit().sqlalchemy_url))
    done, before = 0, None
    while every:
        with sessions() as session:
            page = ticketing.outbox_page(session, "dead", before, 500)
        if not page:
            break
        before = page[-1].event.outbox_id
        done += _again(sessions, [one.event.outbox_id for one in page], clock.now(UTC))
    missing = []
    for one in ids or []:
        if _again(sessions, [one], clock.now(UTC)):
            done += 1
        else:
            missing.append(str(one))
    if as_json:
        print_json({"retried": done, "missing": [int(one) for one in missing]})
    else:
        console.print(f"{done} will be tried again")
    if missing:
        fail(f"not dead, or not there: {', '.join(missing)}")


def _again(sessions: sessionmaker[Session], ids: list[int], now: datetime) -> int:
    import ticketing

    with sessions.begin() as session:
        return sum(ticketing.outbox_retry(session, one, now) for one in ids)
