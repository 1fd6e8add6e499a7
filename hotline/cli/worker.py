"""``hotline worker``: recordings, transcripts, outgoing events."""

from __future__ import annotations

import typer

from hotline.cli.output import settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(worker)


def worker() -> None:
    """Finish recordings, transcribe them, deliver outgoing events, until stopped."""
    from hotline import logs, programs
    from hotline import worker as work
    from hotline.worker_jobs import jobs

    settings = settings_or_exit()
    logs.configure()
    work.run_until_signalled(jobs(settings), programs.sign_of_life(settings))
