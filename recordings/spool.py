"""The spool: which files belong to a contact, and whether their writer has finished.

Asterisk writes ``<CONTACT_ID>-rx.wav`` (the citizen's voice), ``<CONTACT_ID>-tx.wav`` (what the citizen hears) and
perhaps a mix ``<CONTACT_ID>.wav``.  A voice message lies in a folder of its own: ``<CONTACT_ID>-1.wav`` and, when the
caller recorded it again, ``-2.wav``…; ``<CONTACT_ID>.wav`` is what the dialplan took by itself because the voice menu
was gone.  What a caller said after rating a call is ``<CONTACT_ID>.wav`` in a third folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from recordings.wav import read_header

Kind = Literal["call", "consult", "voicemail", "survey"]

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""Our ids: a UUID in canonical lower-case form."""
_SPOOL_NAME = re.compile(rf"({ID.pattern})(-rx|-tx|-[1-9])?\.wav")

CLOSED_AFTER = 0.5
"""Seconds a file with a finished header must have rested."""
OVER_AFTER = 3.0
"""Seconds of rest for an unfinished header when the call is known to be over."""
ORPHAN_AFTER = 600.0
"""Seconds of rest when nobody knows: longer than any pause a live recording makes on its own."""
TAKES = "123456789"
"""How often a voice message may be recorded, as the file names count."""


def is_contact_id(text: str) -> bool:
    """Whether this can be a contact of ours; what else stands where a contact id should names no recording."""
    return ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class SpoolFacts:
    """What can be seen of one spool file from outside."""

    size: int
    rested: float
    """Seconds since the last write."""
    closed: bool
    """The header gives exactly the length that is there (Asterisk writes it when it closes the file)."""
    identity: tuple[int, int]
    """(device, inode)."""


def is_complete(
    facts: SpoolFacts, call_over: bool, writers: Callable[[], frozenset[tuple[int, int]]], more_may_come: bool = False
) -> bool:
    """Whether the writer has finished, by facts; ``writers`` (see open_files) is asked only where it matters.

    A header that was finished was finished on closing; with ``more_may_come`` (a caller who listens to the message may
    record it again) that counts only when the call is over.  An unfinished header plus no visible writer is no proof
    (the writer may be another user's process or another container's), so without word of the call's end such a file
    must have rested for a long time.
    """
    if facts.closed and (call_over or not more_may_come):
        return facts.rested >= CLOSED_AFTER
    return facts.rested >= (OVER_AFTER if call_over else ORPHAN_AFTER) and facts.identity not in writers()


def look(path: Path, now: float) -> SpoolFacts:
    """The facts of ``path``; ``now`` in Unix seconds.  Raises FileNotFoundError."""
    seen = path.stat()
    header = read_header(path)
    return SpoolFacts(
        size=seen.st_size,
        rested=now - seen.st_mtime,
        closed=header is not None and header.closed,
        identity=(seen.st_dev, seen.st_ino),
    )


def at_rest(files: Iterable[Path], now: float) -> bool:
    """Whether the files could be complete, by what is cheap to see; no database and no process is asked."""
    try:
        return all(
            facts.rested >= (CLOSED_AFTER if facts.closed else OVER_AFTER)
            for facts in (look(path, now) for path in files)
        )
    except FileNotFoundError:
        return False


def all_complete(files: Iterable[Path], folder: Path, now: float, call_over: bool, kind: Kind = "call") -> bool:
    """Whether every one of the files is complete; False also when one vanishes meanwhile."""
    writers = cache(lambda: open_files(folder))
    try:
        return all(is_complete(look(path, now), call_over, writers, kind == "voicemail") for path in files)
    except FileNotFoundError:
        return False


def open_files(folder: Path) -> frozenset[tuple[int, int]]:
    """(device, inode) of the files below ``folder`` that some visible process holds open for writing.

    Read from /proc; processes of other users are not visible to an ordinary user.
    """
    prefix = f"{folder.resolve()}{os.sep}"
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            handles = list((process / "fd").iterdir())
        except OSError:
            continue  # gone meanwhile, or not ours to see
        for handle in handles:
            try:
                if not str(handle.readlink()).startswith(prefix):
                    continue
                flags = (process / "fdinfo" / handle.name).read_text().split("flags:", 1)[1].split()[0]
                if int(flags, 8) & os.O_ACCMODE:
                    seen = handle.stat()
                    found.add((seen.st_dev, seen.st_ino))
            except (OSError, IndexError, ValueError):
                continue
    return frozenset(found)


def files_of(contact_id: str, kind: Kind, folder: Path) -> dict[str, Path]:
    """Role → existing spool file: ``rx``, ``tx``, ``mix`` for a call, ``take1``… and last ``voice`` for a message."""
    if kind in ("call", "consult"):
        names = {"rx": "-rx", "tx": "-tx", "mix": ""}
    else:
        names = {**{f"take{number}": f"-{number}" for number in TAKES}, "voice": ""}
    paths = {role: folder / f"{contact_id}{suffix}.wav" for role, suffix in names.items()}
    return {role: path for role, path in paths.items() if path.is_file() and not path.is_symlink()}


def contacts_in(folder: Path) -> list[str]:
    """The contacts that have files in ``folder``, oldest name order; names that are not ours are left alone."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    return sorted({match[1] for name in names if (match := _SPOOL_NAME.fullmatch(name))})


def identity(path: Path) -> list[int]:
    """[inode, bytes, mtime in ns]: changes whenever anybody writes to the file or replaces it."""
    seen = path.stat()
    return [seen.st_ino, seen.st_size, seen.st_mtime_ns]
