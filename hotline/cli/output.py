"""How commands speak: people get Rich text, programs get JSON, errors go to stderr with an exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from hotline.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


class _Console(Console):
    """A console whose reader may go away (``hotline up | tee``, Ctrl-C): what is under way goes on in silence.

    Rich itself ends the program there, with programs of ours still running.
    """

    def on_broken_pipe(self) -> None:
        self.quiet = True


console = _Console(soft_wrap=True, emoji=False)
"""What the user asked for (stdout)."""

notices = _Console(stderr=True, soft_wrap=True, emoji=False)
"""Progress and errors (stderr), so that stdout stays a clean pipe."""


def print_json(value: Any) -> None:
    """One JSON document on stdout; Chinese stays readable, times and paths become strings."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def fail(message: str, status: int = 1) -> NoReturn:
    """Says what is wrong and ends the command with ``status``."""
    notices.print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(status)


def settings_or_exit(**overrides: Any) -> Settings:
    """The settings in force; every problem is printed and ends the command with status 2."""
    from hotline.settings import BadSettings, load

    try:
        return load(**overrides)
    except BadSettings as error:
        fail("\n".join(error.problems), status=2)
