"""The ``hotline`` command: one module of this folder a command group, each with ``register(app)``.

Modules are light to import; what they need to run is imported inside the command functions, so that
``hotline --help`` answers at once.
"""

from __future__ import annotations

import importlib
import pkgutil

import typer

import hotline.cli

app = typer.Typer(
    name="hotline",
    help="Call centre and ticket core for a city's 12345 citizen hotline.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

_NOT_COMMANDS = {"main", "reference", "output"}


def _register_all() -> None:
    for module in sorted(pkgutil.iter_modules(hotline.cli.__path__), key=lambda found: found.name):
        if module.name not in _NOT_COMMANDS:
            importlib.import_module(f"hotline.cli.{module.name}").register(app)


_register_all()

if __name__ == "__main__":
    app()
