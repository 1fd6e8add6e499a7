"""``hotline replay``: a captured AMI stream through the same call tracker that runs live."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import Annotated

import typer

from hotline.cli.output import fail, notices


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("replay")(replay)


def replay(
    file: Annotated[
        str, typer.Argument(help="Raw AMI text, a JSON array of events, or JSON one event a line; - reads stdin.")
    ],
) -> None:
    """Print what happened in a captured AMI stream: one JSON fact a line (docs/call-facts.md lists the facts)."""
    import json

    from cti import BadCapture, Switch, read_events, to_json

    switch = Switch()
    events = 0
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb") as stream:
            for event in read_events(stream):
                events += 1
                for fact in switch.feed(event):
                    sys.stdout.write(json.dumps(to_json(fact), ensure_ascii=False) + "\n")
                if file == "-":
                    sys.stdout.flush()
        sys.stdout.flush()
    except BadCapture as error:
        sys.stdout.flush()
        fail(f"{file}: {error} (after {events} events)")
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python's own flush at exit must not complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except OSError as error:
        fail(f"{file}: {error.strerror}", status=2)
    still_open = len(switch.open_calls())
    if not events:
        notices.print(f"{file}: no event in it", style="dim", markup=False, highlight=False)
    if still_open:
        notices.print(f"{still_open} calls were still open where the stream ends", style="dim", highlight=False)
