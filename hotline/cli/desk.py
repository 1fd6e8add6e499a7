"""``hotline desk``: the agents' web server and the link to the switch."""

from __future__ import annotations

import typer

from hotline.cli.output import fail, settings_or_exit


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(desk)


def desk() -> None:
    """Serve the desk until stopped.  Calls go on without it; a desk started again picks them up."""
    import uvicorn

    from agent_desktop import BadFormGuide, BadHouseRules
    from hotline import logs
    from hotline.cli.user import open_sessions
    from hotline.desk_server import server_config
    from hotline.wiring import BadCity, DeskProcess, utc_now

    settings = settings_or_exit()
    logs.configure()
    open_sessions(settings)  # a desk without its tables could only refuse everybody
    try:
        process = DeskProcess(settings, utc_now)
    except (BadCity, BadFormGuide, BadHouseRules) as error:
        fail(str(error))
    process.start()
    try:
        uvicorn.Server(server_config(process.app, settings.desk_host, settings.desk_port)).run()
    finally:
        process.stop()
