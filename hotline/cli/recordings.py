"""``hotline recordings``: export, holds, keys, alarms, transcripts again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from hotline.settings import Settings

group = typer.Typer(help="Recordings: export, legal holds, keys, alarms.", no_args_is_help=True)

_Person = Annotated[str, typer.Option("--by", help="Who does it; written into the ledger.")]
_Reason = Annotated[str, typer.Option(help="Why; written into the ledger.")]


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    app.add_typer(group, name="recordings")


def _house() -> tuple[Settings, sessionmaker[Session]]:
    from hotline.cli.user import open_sessions

    settings = settings_or_exit()
    return settings, open_sessions(settings)


def _now() -> datetime:
    return datetime.now(UTC)


@group.command()
def export(
    recording_id: Annotated[str, typer.Argument(help="The recording's id.")],
    target: Annotated[Path, typer.Argument(help="The ZIP to write.")],
    person: _Person,
    reason: _Reason,
    start: Annotated[float, typer.Option(help="Second to begin at.")] = 0.0,
    end: Annotated[float | None, typer.Option(help="Second to stop at; default: the end.")] = None,
    form: Annotated[str, typer.Option("--format", help="opus, mp3, wav or flac.")] = "opus",
    mask: Annotated[bool, typer.Option(help="Overwrite spoken phone and identity numbers.")] = True,
    audible: Annotated[bool, typer.Option(help="Mark the copy with pips, besides the written mark.")] = False,
    untouched: Annotated[bool, typer.Option(help="The whole original, byte for byte, nothing masked.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a recording or a piece of it out, with its proofs, as one signed ZIP."""
    import recordings
    from hotline import recording_room

    if form not in ("opus", "mp3", "wav", "flac"):
        fail("--format is opus, mp3, wav or flac.", status=2)
    settings, sessions = _house()
    order = recordings.ExportOrder(
        recording_id,
        person,
        reason,
        start,
        end,
        form,  # type: ignore[arg-type]
        mask,
        "audible" if audible else "written",
        untouched,
    )
    signer = recording_room.keys(settings).signer()
    zone = ZoneInfo(settings.time_zone)
    try:
        recordings.export_clip(sessions, recording_room.store_config(settings), signer, order, _now, zone, target)
    except (recordings.PlayRefused, recordings.ExportRefused) as error:
        fail(_REFUSED[error.code])
    except (recordings.NotInStore, recordings.StoreUnavailable, OSError) as error:
        fail(f"The recording cannot be read or the export not written: {error}")
    said = f"{target}: check it anywhere with `hotline verify {target.name}`"
    _tell(as_json, {"recording_id": recording_id, "file": target}, said)


def _tell(as_json: bool, result: dict[str, Any], sentence: str) -> None:
    if as_json:
        print_json(result)
    else:
        console.print(sentence, markup=False, highlight=False)


_REFUSED = {
    "not_found": "There is no such recording that can be played.",
    "no_reason": "A reason is needed.",
    "confidential": "This caller is confidential; only people named for it may hear the voice.",
    "no_transcript": "There is no transcript yet, so spoken numbers cannot be masked; --no-mask leaves them in.",
    "empty_clip": "Nothing of the recording lies between these seconds.",
    "not_in_ledger": "The ledger knows nothing of this recording; run `hotline verify`.",
    "file_changed": "The stored file is not what was recorded; run `hotline verify`.",
    "no_contact": "That is no contact id.",
    "too_late": "The recordings of this contact are deleted already.",
    "not_held": "There is no such open hold.",
}


@group.command()
def hold(
    contact_id: Annotated[str, typer.Argument(help="The contact whose recordings must stay.")],
    person: _Person,
    reason: _Reason,
    as_json: JsonOption = False,
) -> None:
    """Put everything recorded of a contact under legal hold; prints the hold's id."""
    import recordings

    _, sessions = _house()
    try:
        with sessions.begin() as session:
            hold_id = recordings.place_hold(session, contact_id, person, reason, _now())
    except recordings.HoldRefused as error:
        fail(_REFUSED[error.code])
    _tell(as_json, {"hold_id": hold_id}, hold_id)


@group.command()
def release(
    hold_id: Annotated[str, typer.Argument(help="The hold's id.")],
    person: _Person,
    reason: _Reason,
    as_json: JsonOption = False,
) -> None:
    """End a legal hold."""
    import recordings

    _, sessions = _house()
    try:
        with sessions.begin() as session:
            recordings.lift_hold(session, hold_id, person, reason, _now())
    except recordings.HoldRefused as error:
        fail(_REFUSED[error.code])
    _tell(as_json, {"released": hold_id}, "Released.")


@group.command()
def delete(
    recording_id: Annotated[str, typer.Argument(help="The recording's id.")],
    person: _Person,
    reason: _Reason,
    as_json: JsonOption = False,
) -> None:
    """Delete one recording for good; a tombstone and the ledger's entry stay."""
    import recordings
    from hotline import recording_room

    settings, sessions = _house()
    config = recording_room.store_config(settings)
    try:
        gone = recordings.delete_recording(sessions, config, recording_id, person, reason, _now())
    except recordings.StoreUnavailable as error:
        fail(f"The store cannot be written ({error.code}); the worker goes on with it.")
    if not gone:
        fail("Not deleted: it is under hold, not finished, or not there.")
    _tell(as_json, {"deleted": recording_id}, "Deleted.")


@group.command()
def alarms(as_json: JsonOption = False) -> None:
    """What should be looked at: one-sided, silent and missing recordings, a full disk, a store that is away."""
    import recordings

    _, sessions = _house()
    with sessions() as session:
        found = recordings.open_alarms(session)
    if as_json:
        print_json([_row(alarm) for alarm in found])
        return
    if not found:
        console.print("No alarms.")
        return
    table = Table("alarm", "recording", "since", "last", "times")
    for alarm in found:
        table.add_row(
            alarm.kind,
            alarm.recording_id or "",
            f"{alarm.raised_at:%Y-%m-%d %H:%M}",
            f"{alarm.last_at:%Y-%m-%d %H:%M}",
            str(alarm.times),
        )
    console.print(table)


def _row(alarm: Any) -> dict[str, Any]:
    return {
        name: getattr(alarm, name) for name in ("alarm_id", "kind", "recording_id", "raised_at", "last_at", "times")
    }


@group.command()
def key(as_json: JsonOption = False) -> None:
    """Print the public key that signs seals and exports: publish it, so that others can check."""
    from hotline import recording_room

    public = recording_room.keys(settings_or_exit()).signer().public.hex()
    _tell(as_json, {"public_key": public}, public)


@group.command()
def rekey(as_json: JsonOption = False) -> None:
    """Make a fresh encryption key, and wrap what is stored with it; may be interrupted and run again."""
    import recordings
    from hotline import recording_room

    settings, sessions = _house()
    if not settings.recording_encryption:
        fail("Recordings are not encrypted here (recording_encryption).")
    ring = recording_room.keys(settings)
    notices.print(f"New key {ring.rotate()}.", highlight=False)
    config = recording_room.store_config(settings)

    def progress(done: int) -> None:
        if done % 100 == 0:
            notices.print(f"{done} files", highlight=False)

    try:
        done = recordings.rekey(sessions, config, progress)
    except (recordings.StoreUnavailable, recordings.NotInStore) as error:
        fail(f"Stopped, run it again when this is mended: {error}")
    result = {"files": done, "keys": list(ring.key_ids())}
    _tell(as_json, result, f"{done} files wrapped anew; keys in use: {', '.join(ring.key_ids())}.")


@group.command("transcribe-again")
def transcribe_again(
    recording_id: Annotated[
        str | None,
        typer.Argument(help="One recording; default: all that another model wrote down.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask for new transcripts after a better model came; old versions stay."""
    import recordings
    from hotline import recording_room

    settings, sessions = _house()
    make = recording_room.recogniser(settings)
    if make is None:
        fail("No speech model is configured.")
    with sessions.begin() as session:
        if recording_id is not None:
            asked = int(recordings.queue_again(session, recording_id, _now()) is not None)
        else:
            model = recording_room.model_name(settings)
            asked = recordings.queue_older_models(session, settings.transcriber, model, _now())
    _tell(as_json, {"waiting": asked}, f"{asked} recordings wait for a new transcript.")
