"""``hotline verify``: is this what was recorded?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit

if TYPE_CHECKING:
    import recordings

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KNOWN = re.compile(r"(\d{1,9}):([0-9a-f]{64})")

MEANING = {
    "file_missing": "the file is not there",
    "file_changed": "the file was changed",
    "tampered": "the file was changed, cut, or swapped with another",
    "row_changed": "the database says something else than the ledger",
    "not_in_ledger": "the ledger knows nothing of it",
    "entry_changed": "an entry of the ledger was changed",
    "entries_added_or_removed": "entries of the ledger were added or removed",
    "seal_changed": "a seal was changed",
    "link_broken": "a seal is missing or was replaced",
    "signature_wrong": "a signature does not fit",
    "unknown_key": "signed by a key that is not trusted here",
    "chain_cut": "the newest seals are missing",
    "deleted_without_entry": "deleted, but the ledger has no entry about it",
    "unknown_file": "a file that belongs to no recording",
    "unknown": "there is no such recording",
    "key_missing": "the key that it is encrypted with is not in the key file",
    "unreadable": "there is no manifest, or the file cannot be read",
    "not_ours": "the manifest is none of ours",
    "manifest_changed": "the manifest was changed",
    "entry_not_in_seal": "the ledger's entry is not under its seal",
    "proof_unreadable": "a proof cannot be read",
    "proof_of_other_recording": "a proof speaks of another recording",
    "proof_of_other_clip": "a proof speaks of another clip",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(verify)


def verify(
    target: Annotated[
        str | None, typer.Argument(help="An exported ZIP or audio file, or the id of a recording.", show_default=False)
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every recording, the ledger and the chain of seals.")
    ] = False,
    key: Annotated[
        str, typer.Option(help="Public key that must have signed (hexadecimal); without it an export's own is shown.")
    ] = "",
    known: Annotated[str, typer.Option(help="With --all: NUMBER:DIGEST of a seal that was written down earlier.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Check that recordings and exports are what was recorded; the first broken link is named.

    An exported file is checked by itself: no database, no settings, no network.
    """
    if everything == (target is not None):
        fail("Name a file or the id of a recording, or say --all.", status=2)
    if everything:
        _all(key, known, as_json)
    elif target is not None and _ID.fullmatch(target):
        _one(target, as_json)
    else:
        _export(Path(str(target)), key, as_json)


def _export(path: Path, key: str, as_json: bool) -> None:
    from recordings import check_export

    verdict = check_export(path, {key.lower()} if key else None)
    if as_json:
        print_json({**_verdict(verdict), "file": str(path)})
    elif verdict.broken is None:
        _say_export(verdict, trusted=bool(key))
    else:
        notices.print(f"BROKEN: {verdict.where}: {_meaning(verdict.broken)}", style="red", markup=False)
    raise typer.Exit(0 if verdict.broken is None else 1)


def _verdict(verdict: recordings.Verdict) -> dict[str, Any]:
    manifest = verdict.manifest or {}
    return {
        "ok": verdict.broken is None,
        "broken": verdict.broken,
        "where": verdict.where,
        "key": verdict.key,
        "untouched_original": verdict.untouched_original,
        **{name: manifest.get(name) for name in ("source", "cut", "changes", "export")},
    }


def _say_export(verdict: recordings.Verdict, trusted: bool) -> None:
    manifest = verdict.manifest or {}
    source, export = manifest["source"], manifest["export"]
    console.print("UNCHANGED since it was taken out.", style="green")
    if verdict.untouched_original:
        console.print("It is the original, byte for byte.")
    else:
        cut = manifest["cut"]
        end = "the end" if cut["to"] is None else f"{cut['to']} s"
        console.print(f"A copy of {cut['from']} s to {end}: {', '.join(manifest['changes'])}.", highlight=False)
    console.print(f"Recording {source['recording_id']}, began {source['started_at']}.", markup=False, highlight=False)
    console.print(f"Taken out by {export['by']} at {export['at']}: {export['reason']}", markup=False, highlight=False)
    if not trusted:
        console.print("Signed by the key below; compare it with the one the office publishes.")
        console.print(f"  {verdict.key}", highlight=False)


def _one(recording_id: str, as_json: bool) -> None:
    from recordings import check_recording

    sessions, store, _ = _house()
    with sessions() as session:
        finding = check_recording(session, store, recording_id)
    if as_json:
        print_json(_finding(finding))
    elif finding.sound:
        console.print(f"{recording_id}: {finding.code}", highlight=False)
    else:
        notices.print(f"BROKEN: {_place(finding)}: {_meaning(finding.code)}", style="red", markup=False)
    raise typer.Exit(0 if finding.sound else 1)


def _all(key: str, known: str, as_json: bool) -> None:
    from recordings import check_all, check_chain, newest

    noted = _KNOWN.fullmatch(known)
    if known and noted is None:
        fail("--known is written NUMBER:DIGEST, as an earlier check printed it.", status=2)
    sessions, store, own_key = _house()
    counts: dict[str, int] = {}
    broken = []
    with sessions() as session:
        chain = check_chain(
            session, {key.lower() if key else own_key}, (int(noted[1]), noted[2]) if noted is not None else None
        )
        for number, finding in enumerate(check_all(session, store), 1):
            counts[finding.code] = counts.get(finding.code, 0) + 1
            if not finding.sound:
                broken.append(finding)
                notices.print(f"BROKEN: {_place(finding)}: {_meaning(finding.code)}", style="red", markup=False)
            if number % 500 == 0:
                notices.print(f"{number} checked", highlight=False)
        last = newest(session)
    if as_json:
        print_json(
            {
                "ok": chain is None and not broken,
                "recordings": counts,
                "broken": [_finding(finding) for finding in broken],
                "chain": None
                if chain is None
                else {"seal": chain.seal, "what": chain.what, "entry_id": chain.entry_id},
                "newest_seal": None if last is None else f"{last[0]}:{last[1]}",
            }
        )
    else:
        _say_all(counts, chain, last)
    raise typer.Exit(0 if chain is None and not broken else 1)


def _say_all(counts: dict[str, int], chain: recordings.Break | None, last: tuple[int, str] | None) -> None:
    console.print(", ".join(f"{count} {code}" for code, count in sorted(counts.items())) or "No recordings.")
    if chain is not None:
        place = "entries that are not sealed yet" if chain.seal is None else f"seal {chain.seal}"
        entry = f", entry {chain.entry_id}" if chain.entry_id else ""
        notices.print(f"BROKEN: {place}{entry}: {_meaning(chain.what)}", style="red", markup=False)
    elif last is not None:
        console.print("The chain of seals holds. Write its newest link down somewhere else:")
        console.print(f"  {last[0]}:{last[1]}", highlight=False)
    else:
        console.print("Nothing is sealed yet; the worker seals every day after midnight.")


def _house() -> tuple[Any, recordings.Store, str]:
    from hotline import database, recording_room
    from hotline.cli.user import open_sessions

    settings = settings_or_exit()
    sessions = open_sessions(settings)
    reading = database.sessions(database.read_only(sessions.kw["bind"]))
    return reading, recording_room.store(settings), recording_room.keys(settings).signer().public.hex()


def _finding(finding: recordings.Finding) -> dict[str, Any]:
    return {
        "recording_id": finding.recording_id,
        "code": finding.code,
        "ok": finding.sound,
        "role": finding.role,
        "path": finding.path,
    }


def _place(finding: recordings.Finding) -> str:
    parts = [finding.recording_id, finding.role, finding.path]
    return ", ".join(part for part in parts if part)


def _meaning(code: str) -> str:
    return MEANING.get(code, code.replace("_", " "))
