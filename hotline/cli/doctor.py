"""``hotline doctor``: what is wrong, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict

import typer

from hotline.cli.output import JsonOption, console, print_json, settings_or_exit

_MARKS = {"ok": "[green]✓[/]", "note": "[yellow]·[/]", "failed": "[red]✗[/]"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(doctor)


def doctor(as_json: JsonOption = False) -> None:
    """Check everything the system needs: programs, ports, database, prompts, models, clock."""
    from rich.markup import escape

    from hotline.doctor import examine

    checks = examine(settings_or_exit())
    failed = [check for check in checks if check.state == "failed"]
    if as_json:
        print_json({"ok": not failed, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            mend = f"  → [bold]{escape(check.mend)}[/]" if check.mend else ""
            console.print(f"{_MARKS[check.state]} {check.name:<16} {escape(check.detail)}{mend}", highlight=False)
        console.print(f"\n{len(failed)} of {len(checks)} checks failed." if failed else "\nEverything is in order.")
    if failed:
        raise typer.Exit(1)
