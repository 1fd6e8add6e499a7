"""``hotline captions``: hears calls live for the desk."""

from __future__ import annotations

import typer

from hotline.cli.output import settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(captions)


def captions() -> None:
    """Hear calls live.  The desk starts this by itself; it ends with the desk."""
    from hotline import live_captions, logs

    settings = settings_or_exit()
    logs.configure()
    live_captions.serve(settings)
