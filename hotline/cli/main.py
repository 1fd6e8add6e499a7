"""The ``hotline`` command: one module a command group, imported here and nowhere else."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="hotline",
    help="Call centre and ticket core for a city's 12345 citizen hotline.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
