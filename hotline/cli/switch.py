"""``hotline switch``: the Asterisk program itself, for those who run it apart from ``hotline up``."""

from __future__ import annotations

from typing import Annotated

import typer

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="The telephone switch (Asterisk): fetch it, run it alone, ask it.", no_args_is_help=True)
    group.command()(fetch)
    group.command()(run)
    group.command(context_settings={"ignore_unknown_options": True})(cli)
    app.add_typer(group, name="switch")


def fetch(as_json: JsonOption = False) -> None:
    """Find an Asterisk, or unpack a private one (no root, nothing installed), and say which."""
    from hotline import preparation

    with notices.status("Asterisk …") as shown:
        try:
            found = preparation.find_switch(settings_or_exit(), lambda text: shown.update(text))
        except preparation.CannotStart as error:
            fail(str(error))
    if as_json:
        print_json({"version": found.version, "private": found.private, "program": found.command[-1]})
    else:
        console.print(f"Asterisk {found.version} {'(private)' if found.private else ''}".strip())


def run() -> None:
    """Render the configuration and become Asterisk (for systemd and containers)."""
    import os

    from sqlalchemy.exc import SQLAlchemyError

    from hotline import database, preparation, switch

    settings = settings_or_exit()
    try:
        installation = preparation.find_switch(settings, lambda text: notices.print(text))
        preparation.render_switch(settings, installation)
    except preparation.CannotStart as error:
        fail(str(error))
    try:
        preparation.write_phones(settings, database.build_engine(settings.sqlalchemy_url))
    except SQLAlchemyError:
        # Calls come before agents' lists: with no database the phones of yesterday are good enough.
        notices.print("The database cannot be read; phones stay as they were.")
    command = switch.start_command(installation, settings.asterisk_dir)
    os.execv(command[0], command)  # noqa: S606 - our own command, and this process becomes it


def cli(command: Annotated[list[str], typer.Argument(help="For example: core show channels")]) -> None:
    """Ask the running Asterisk one of its own console commands."""
    from hotline import preparation, switch

    settings = settings_or_exit()
    if switch.running_pid(settings.asterisk_dir) is None:
        fail("Asterisk is not running here.")
    installation = preparation.find_switch(settings, lambda _text: None)
    typer.echo(switch.cli(installation, settings.asterisk_dir, " ".join(command)), nl=False)
