"""``hotline tokens``: what other programs show to hand matters in without a person's log-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit
from hotline.cli.user import open_sessions

tokens = typer.Typer(help="Tokens of other programs: a website, an app, a mailbox.", no_args_is_help=True)

COMMAND_LINE = "command line"
"""Who made a token here; whoever may start the command may do everything."""


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    app.add_typer(tokens, name="tokens")


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(help="The program's name, as it stands beside what comes in with it.")],
    channel: Annotated[str, typer.Option(help="By which way its matters come in: web, app, mailbox, wechat…")],
    right: Annotated[list[str], typer.Option(help="tickets.create or tickets.read_own; may be given several times.")],
    origin: Annotated[str, typer.Option(help="Who hands its matters in.")] = "citizen",
    days: Annotated[int, typer.Option(min=1, help="How long it is good for.")] = 365,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests a minute at most.")] = 60,
    as_json: JsonOption = False,
) -> None:
    """Make a token; it is printed once and kept nowhere."""
    from agent_desktop import BadToken, make_token

    sessions = open_sessions(settings_or_exit())
    now = datetime.now(UTC)
    try:
        with sessions.begin() as session:
            made, secret = make_token(
                session,
                name=name,
                rights=right,
                origin=origin,
                channel=channel,
                per_minute=per_minute,
                expires_at=now + timedelta(days=min(days, 10_000)),
                made_by=COMMAND_LINE,
                now=now,
            )
    except BadToken as error:
        fail(str(error), status=2)
    if as_json:
        print_json(vars(made) | {"secret": secret})
    else:
        console.print(f"Token {made.token_id} until {made.expires_at:%Y-%m-%d}: {secret}", markup=False)


@tokens.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show all tokens, the newest first, also those that were revoked or have run out."""
    from rich.table import Table

    from agent_desktop import list_tokens

    now = datetime.now(UTC)
    with open_sessions(settings_or_exit())() as session:
        found = list_tokens(session)
    if as_json:
        print_json([vars(one) | {"state": one.state(now)} for one in found])
        return
    table = Table("Token", "Name", "Rights", "Origin", "Channel", "Until", "Last used", "")
    for one in found:
        used = f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at else ""
        until = f"{one.expires_at:%Y-%m-%d}"
        table.add_row(
            one.token_id, one.name, ", ".join(one.rights), one.origin, one.channel, until, used, one.state(now)
        )
    console.print(table)


@tokens.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its id, as `hotline tokens list` shows it.")],
    as_json: JsonOption = False,
) -> None:
    """End a token for good; its next request is refused."""
    from agent_desktop import BadToken, revoke_token

    sessions = open_sessions(settings_or_exit())
    try:
        with sessions.begin() as session:
            ended = revoke_token(session, token, COMMAND_LINE, datetime.now(UTC))
    except BadToken as error:
        fail(str(error))
    if as_json:
        print_json(vars(ended))
    else:
        console.print(f"Revoked {ended.name}.", markup=False)
