"""``hotline capture``: what Asterisk says on its manager interface, into a file, with numbers masked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline.cli.output import JsonOption, fail, notices, print_json, settings_or_exit

if TYPE_CHECKING:
    from typing import BinaryIO

    from hotline.settings import Settings


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("capture")(capture)


def capture(
    out: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.", dir_okay=False)],
    seconds: Annotated[float, typer.Option(help="How long; 0: until Ctrl-C.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Write the raw AMI stream to a file (readable by its owner only).

    Telephone numbers and names are replaced, each always by the same stand-in; `hotline replay` reads the file.
    """
    import asyncio
    import os

    settings = settings_or_exit()
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        fail(f"{out}: {error.strerror}", status=2)
    with os.fdopen(handle, "wb") as file:
        try:
            connected = asyncio.run(_listen(settings, file, seconds))
        except KeyboardInterrupt:
            connected = True
        written = file.tell()
    if not connected:
        out.unlink()
        fail(f"Asterisk's manager interface does not answer on port {settings.ami_port}. Start it: hotline up")
    if as_json:
        print_json({"file": out, "bytes": written})
    else:
        notices.print(f"{written} bytes in {out}", highlight=False)


async def _listen(settings: Settings, file: BinaryIO, seconds: float) -> bool:
    """Write until the time is over; False when no link came up within five seconds."""
    import asyncio

    from cti import AmiConfig, AmiLink, Mask
    from hotline.secrets_file import SecretsFile

    mask = Mask()
    up = asyncio.Event()

    async def came_up(_: dict[str, str]) -> None:
        up.set()

    config = AmiConfig(port=settings.ami_port, secret=SecretsFile(settings.home).get("ami"))
    link = AmiLink(
        config, on_event=lambda event: None, on_up=came_up, on_bytes=lambda data: _write(file, mask.feed(data))
    )
    await link.start()
    try:
        await asyncio.wait_for(up.wait(), 5)
        notices.print("capturing" + (f" for {seconds:g} s" if seconds else "; Ctrl-C ends it"), highlight=False)
        await (asyncio.sleep(seconds) if seconds else asyncio.Event().wait())
    except TimeoutError:
        return False
    finally:
        await link.stop()
        _write(file, mask.close())
    return True


def _write(file: BinaryIO, data: bytes) -> None:
    file.write(data)
    file.flush()
