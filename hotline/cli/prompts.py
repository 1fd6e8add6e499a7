"""``hotline prompts``: make the recorded announcements from their texts, check them, bring one's own."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline.cli.output import JsonOption, fail, notices, print_json

if TYPE_CHECKING:
    from ivr import PromptBook

_Folder = Annotated[
    Path | None, typer.Option("--city-dir", help="A city pack; without it the configured city.", show_default=False)
]
_Voices = Annotated[
    Path | None,
    typer.Option(
        "--voices",
        envvar="HOTLINE_VOICES",
        help="Folder with the engine's vocab.json and voices/*.pt.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(no_args_is_help=True, help="The recorded announcements of a city.")
    group.command()(build)
    group.command()(check)
    group.command("import")(import_recording)
    app.add_typer(group, name="prompts")


def build(
    voices: _Voices = None,
    city_dir: _Folder = None,
    everything: Annotated[bool, typer.Option("--all", help="Render also what is up to date.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Renders every announcement whose WAV is missing or was made from an older text."""
    from ivr import prompts
    from ivr.kokoro_voice import ENGINE, RATE, KokoroVoice, NoVoice

    book = _book(city_dir)
    texts = prompts.due(book, everything=everything)
    if texts:
        if voices is None:
            fail(
                "Name the folder of the voices: --voices FOLDER, or HOTLINE_VOICES. It holds vocab.json and voices/*.pt"
                " of Kokoro-82M, from its publisher hexgrad."
            )
        notices.print(f"Loading {ENGINE}, voice {book.voice} …", markup=False)
        try:
            voice = KokoroVoice(voices, book.voice)
        except NoVoice as error:
            fail(str(error))
        made = iter(range(1, len(texts) + 1))
        prompts.build(
            book,
            texts,
            voice,
            RATE,
            ENGINE,
            lambda text, seconds: notices.print(
                f"{next(made)}/{len(texts)} {text.id}: {seconds:.1f} s", markup=False, highlight=False
            ),
        )
    if as_json:
        print_json({"rendered": [text.id for text in texts], "folder": str(book.sounds)})
    else:
        typer.echo(f"{len(texts)} rendered, {len(book.texts) - len(texts)} were up to date.")


def check(city_dir: _Folder = None, as_json: JsonOption = False) -> None:
    """Names missing and stale announcements and measures the WAVs; ends with status 1 when there is a finding."""
    from ivr import prompts

    book = _book(city_dir)
    findings = prompts.check(book)
    if as_json:
        print_json(
            {
                "ok": not findings,
                "prompts": len(book.texts),
                "findings": [{"prompt": one.prompt, "line": one.line, "message": one.words} for one in findings],
            }
        )
    else:
        for one in findings:
            typer.echo(f"{book.table}:{one.line}: {one.prompt}: {one.words}")
        typer.echo(f"{len(book.texts)} announcements, {len(findings)} findings.")
    if findings:
        raise typer.Exit(1)


def import_recording(
    prompt: Annotated[str, typer.Argument(help="The announcement's id in prompts.toml.")],
    file: Annotated[Path, typer.Argument(help="A 16 bit mono WAV of any rate.")],
    city_dir: _Folder = None,
    as_json: JsonOption = False,
) -> None:
    """Takes a person's recording instead of the rendered voice: trimmed, at the common loudness, in both rates."""
    from ivr import prompts

    book = _book(city_dir)
    if prompt not in book.texts:
        fail(f"No announcement {prompt!r} in {book.table}.")
    try:
        seconds = prompts.import_recording(book, book.texts[prompt], file)
    except (OSError, EOFError, wave.Error) as error:
        fail(f"{file} cannot be used: {error}")
    if as_json:
        print_json({"prompt": prompt, "seconds": round(seconds, 2)})
    else:
        typer.echo(f"{prompt}: {seconds:.1f} s taken.")


def _book(city_dir: Path | None) -> PromptBook:
    import ivr
    from hotline import resources, settings

    try:
        pack = city_dir or resources.city_dir(settings.load())
    except settings.BadSettings as error:
        fail(str(error))
    book, problems = ivr.open_book(pack / "prompts")
    if problems:
        fail("\n".join(f"{book.table}:{line}: {message}" for line, message in problems))
    return book
