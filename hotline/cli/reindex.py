"""``hotline reindex``: the search index over tickets, built again from the database."""

from __future__ import annotations

import typer

from hotline.cli.output import JsonOption, console, notices, print_json, settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(reindex)


def reindex(as_json: JsonOption = False) -> None:
    """Build the search index again; searches go on meanwhile, and a stopped run goes on where it was."""
    from rich.progress import Progress

    from hotline import database, worker_jobs

    settings = settings_or_exit()
    sessions = database.sessions(database.build_engine(settings.sqlalchemy_url))
    with Progress(console=notices) as bar:
        task = bar.add_task("Tickets", total=None)
        done = worker_jobs.search_feed(settings, sessions).rebuild(
            lambda done, everything: bar.update(task, completed=done, total=everything)
        )
    if as_json:
        print_json({"tickets": done, "index": settings.search_index})
    else:
        console.print(f"{done} tickets can be searched.")
