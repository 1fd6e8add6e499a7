"""``hotline ivr``: serve the city's call flow, or check its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline.cli.output import JsonOption, fail, print_json, settings_or_exit

if TYPE_CHECKING:
    import ivr as voice_menu
    from hotline.settings import Settings

_Folder = Annotated[
    Path | None, typer.Argument(help="A city pack; without one the configured city.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(invoke_without_command=True, help="Serve the voice menu to Asterisk (FastAGI), or check it.")
    group.callback()(serve)
    group.command()(check)
    app.add_typer(group, name="ivr")


def serve(context: typer.Context) -> None:
    """Serves the voice menu to Asterisk until it is stopped; refuses to start with a broken ivr.toml."""
    if context.invoked_subcommand is not None:
        return
    from twisted.internet import reactor as installed_reactor
    from twisted.internet.error import CannotListenError

    import cti
    import ivr
    from hotline import logs, resources

    config = settings_or_exit()
    city = ivr.load_city(resources.city_dir(config) / "ivr.toml")
    if not isinstance(city, ivr.City):
        fail("\n".join(str(problem) for problem in city))
    logs.configure()
    served = ivr.ServeConfig(
        city=city,
        port=config.fastagi_port,
        metrics_port=config.ivr_metrics_port,
        time_zone=config.time_zone,
        normalise=lambda raw: cti.normalise(raw).key,
        survey_folder=config.survey_spool,
        status=_status_query(config) if ivr.tells_status(city.menu) else None,
        limits=ivr.FastAgiConfig(most_sessions=config.ivr_sessions, session_seconds=config.ivr_session_seconds),
    )
    reactor: Any = installed_reactor  # a module by name, an object in truth
    try:
        ivr.serve(served, reactor)
    except CannotListenError as error:
        fail(f"port {error.port} of {error.interface} cannot be used: {error.socketError}")
    reactor.run()


def _status_query(config: Settings) -> voice_menu.Source:
    """The door to the tickets; loaded only where the menu offers it."""
    from hotline.status_query import status_query

    return status_query(config)


def check(folder: _Folder = None, as_json: JsonOption = False) -> None:
    """Reads ivr.toml with its prompts and caller lists; names every mistake with file and line.

    Prints how long each way to a person takes.  Ends with status 1 when there is an error.
    """
    import ivr
    from hotline import resources
    from ivr import lint

    pack = folder or resources.city_dir(settings_or_exit())
    city = ivr.load_city(pack / "ivr.toml")
    problems = list(city.warnings) if isinstance(city, ivr.City) else city
    ways = lint.journeys(city.menu, city.book.seconds) if isinstance(city, ivr.City) else []
    if as_json:
        print_json(
            {
                "ok": isinstance(city, ivr.City),
                "problems": [
                    {"file": str(one.file), "line": one.line, "level": one.level, "message": one.message}
                    for one in problems
                ],
                "ways": [{"name": way.name, "seconds": round(way.seconds, 1), "keys": way.keys} for way in ways],
            }
        )
    else:
        for problem in problems:
            typer.echo(str(problem))
        for way in ways:
            typer.echo(f"{way.name}: {way.seconds:.1f} s, {way.keys} keys before a person")
    if not isinstance(city, ivr.City):
        raise typer.Exit(1)
