"""``hotline up``, ``down``, ``status``: everything on one machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit

if TYPE_CHECKING:
    from hotline.settings import Settings
    from hotline.switch import Installation

T = TypeVar("T")
_NOT_READY = 3  # exit status of `status`, as systemctl's


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(up)
    app.command()(down)
    app.command()(status)


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="With the demo city: sample people, history, a citizen's phone.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Start switch, IVR, desk and worker on this machine; Ctrl-C stops them.

    Prepares what is missing first (a private Asterisk, configuration, database). A program that falls is started again.
    If this command itself is killed, calls go on, and the next ``hotline up`` takes the running switch over.
    """
    from hotline import machine

    began = time.monotonic()
    settings = settings_or_exit(**({"demo": True} if demo else {}))
    with machine.only_one(settings) as free:
        if not free:
            fail("It runs already here. `hotline status` shows it, `hotline down` stops it.")
        report = _Report(as_json, began)
        installation = report.prepare(settings)
        machine.run(settings, installation, report.change, lambda: report.ready(settings))


def down(
    keep_calls: Annotated[
        bool, typer.Option("--keep-calls", help="Leave Asterisk running with its calls; the next `up` adopts it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Stop what ``hotline up`` started here."""
    from hotline import machine

    stopped = machine.stop(settings_or_exit(), keep_calls=keep_calls)
    if as_json:
        print_json({"stopped": stopped})
    else:
        console.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def status(as_json: JsonOption = False) -> None:
    """Show which programs run and whether they are ready (exit status 3 when one is not)."""
    from hotline import machine

    found = machine.status(settings_or_exit())
    if as_json:
        print_json(found)
    else:
        _print_status(found)
    if not found["ready"]:
        raise typer.Exit(_NOT_READY)


def _print_status(found: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table("Program", "State", "Pid", "Since", "Memory")
    for one in found["programs"]:
        table.add_row(
            one["name"],
            "[green]ready[/]" if one["ready"] else "[yellow]not ready[/]" if one["pid"] else "[red]not running[/]",
            str(one["pid"] or ""),
            _duration(one["seconds"]),
            f"{one['memory_bytes'] / 1e6:.0f} MB" if one["memory_bytes"] else "",
        )
    console.print(table)
    if found["calls"] is not None:
        console.print(f"Calls in progress: {found['calls']}")


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


class _Report:
    """Tells what ``up`` is doing: lines and a spinner for people, one JSON object a line for programs."""

    def __init__(self, as_json: bool, began: float) -> None:
        self._as_json, self._began, self._was_ready = as_json, began, False

    def prepare(self, settings: Settings) -> Installation:
        """Runs the preparation steps; ends the command when one finds something that must be mended."""
        from hotline import city_pack
        from hotline import preparation as first

        def checked(problems: list[str]) -> str:
            if problems:
                raise first.CannotStart(problems)
            return ""

        self._step(f"City pack {settings.city}", lambda _say: checked(city_pack.problems(settings)))
        self._step("Ports", lambda _say: checked(first.busy_ports(settings)))
        installation = self._step("Asterisk", lambda say: first.find_switch(settings, say), lambda it: it.version)
        self._step("Configuration", lambda _say: first.render_switch(settings, installation))
        engine = self._step("Database", lambda _say: first.open_database(settings), lambda it: it.dialect.name)
        if settings.demo:
            self._step("Demo people and history", lambda _say: first.seed_demo(settings, engine), _added)
        self._step("Phones", lambda _say: first.write_phones(settings, engine), str)
        engine.dispose()
        return installation

    def _step(
        self, title: str, work: Callable[[Callable[[str], None]], T], detail: Callable[[T], str] = lambda _: ""
    ) -> T:
        from hotline.preparation import CannotStart

        began = time.monotonic()
        try:
            with notices.status(f"{title} …") as shown:
                result = work(lambda text: shown.update(text))
        except CannotStart as error:
            if self._as_json:
                print_json({"event": "cannot_start", "problems": error.problems})
            fail("\n".join(error.problems))
        if not self._as_json:
            notices.print(
                f"  [green]✓[/]  {title} [dim]{detail(result)}[/] ({time.monotonic() - began:.1f} s)", highlight=False
            )
        return result

    def change(self, name: str, state: str, detail: str) -> None:
        """A program reached another state."""
        if self._as_json:
            print_json({"event": "state", "program": name, "state": state, "detail": detail})
        elif state == "ready" and not self._was_ready:
            notices.print(f"  [green]✓[/]  {name} {detail}", highlight=False)
        elif state != "starting" or self._was_ready:
            notices.print(f"  [yellow]·[/]  {name}: {state} {detail}", highlight=False)

    def ready(self, settings: Settings) -> None:
        """Everything answers: where to go and what to do."""
        from hotline import machine

        self._was_ready = True
        where = machine.addresses(settings)
        logins = machine.demo_logins(settings)
        seconds = round(time.monotonic() - self._began, 1)
        if self._as_json:
            print_json({"event": "ready", "seconds": seconds, "addresses": where, "logins": logins})
        else:
            _print_welcome(where, logins, seconds)


def _added(counts: dict[str, int]) -> str:
    new = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{new} added" if new else ""


def _our_name() -> str:
    """How this command is typed here: by its name if the shell finds it, else by its path."""
    import shutil
    import sys

    return "hotline" if shutil.which("hotline") == sys.argv[0] else sys.argv[0]


def _print_welcome(where: dict[str, str], logins: list[dict[str, str]], seconds: float) -> None:
    from rich.table import Table

    console.print(f"\n[bold]The hotline is ready[/] after {seconds} s.\n")
    table = Table.grid(padding=(0, 3))
    for name, address in where.items():
        table.add_row(f"  {name}", address)
    console.print(table)
    if logins:
        table = Table.grid(padding=(0, 3))
        for one in logins:
            table.add_row(f"  {one['username']}", one["password"], f"[dim]{one['display_name']}[/]")
        console.print("\nLog-ins of this demo:")
        console.print(table)
        console.print(
            "\nWhat to do now: open the desk in one browser tab, log in as 8001 and go ready; open the citizen's phone "
            f"in another tab and dial 12345.\nWithout a browser: [bold]{_our_name()} call[/] in another terminal."
        )
    console.print("\nCtrl-C stops everything.\n")
