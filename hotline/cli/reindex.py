"""``hotline reindex``: the search indexes over tickets and recordings, built again from the database."""

from __future__ import annotations

from collections.abc import Callable

import typer

from hotline.cli.output import JsonOption, console, notices, print_json, settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(reindex)


def reindex(as_json: JsonOption = False) -> None:
    """Build the search indexes again; searches go on meanwhile, and a stopped run goes on where it was."""
    from rich.progress import Progress

    from hotline import database, recording_room, worker_jobs

    settings = settings_or_exit()
    engine = database.build_engine(settings.sqlalchemy_url)
    with Progress(console=notices) as bar:

        def told(name: str) -> Callable[[int, int], None]:
            task = bar.add_task(name, total=None)
            return lambda done, everything: bar.update(task, completed=done, total=everything)

        tickets = worker_jobs.search_feed(settings, engine).rebuild(told("Tickets"))
        heard = recording_room.feed(settings, engine).rebuild(told("Recordings"))
    if as_json:
        print_json(
            {
                "tickets": tickets,
                "index": settings.search_index,
                "recordings": heard,
                "recording_index": settings.recording_index,
            }
        )
    else:
        console.print(f"{tickets} tickets and {heard} recordings can be searched.")
