"""``hotline migrate`` and ``hotline seed``: the database's shape and the demo's content."""

from __future__ import annotations

import typer

from hotline.cli.output import JsonOption, console, fail, print_json, settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(migrate)
    app.command()(seed)


def migrate(as_json: JsonOption = False) -> None:
    """Bring the database to the newest revision; what it holds stays."""
    from sqlalchemy.exc import SQLAlchemyError

    from hotline import database, migrations

    settings = settings_or_exit()
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = database.build_engine(settings.sqlalchemy_url)
    try:
        ran = migrations.upgrade(engine)
    except SQLAlchemyError as error:
        fail(f"The database cannot be used: {error}")
    if as_json:
        print_json({"database": engine.dialect.name, "ran": ran})
    else:
        console.print(f"Ran {', '.join(ran)}." if ran else "The database is at the newest revision.")


def seed(as_json: JsonOption = False) -> None:
    """Fill in the city's sample people, phones and history, as far as they are missing."""
    from hotline import machine, preparation

    settings = settings_or_exit(demo=True)
    try:
        added = preparation.seed_demo(settings, preparation.open_database(settings))
    except preparation.CannotStart as error:
        fail(str(error))
    logins = machine.demo_logins(settings)
    if as_json:
        print_json({"added": added, "logins": logins})
        return
    console.print(", ".join(f"{count} {name}" for name, count in added.items()) + " added.")
    for one in logins:
        console.print(f"  {one['username']:<10} {one['password']}  {one['display_name']}", highlight=False)
