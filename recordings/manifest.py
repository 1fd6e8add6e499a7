"""What goes with an exported clip, and the check that anybody can run on it without our database or network.

An export is a ZIP: the audio, the transcript if there is one, and ``manifest.json``, which says where the audio comes
from, what was changed, who took it out and why, carries the ledger's proofs, and is signed.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from recordings import crypto, seals
from recordings.ledger import canonical

FORMAT = "hotline-evidence/1"
NAME = "manifest.json"
_MOST_BYTES = 50_000_000
"""A manifest longer than this is none of ours."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check; ``broken`` names the first link that does not hold, None when all hold.

    ``broken``: unreadable, not_ours, manifest_changed, unknown_key, file_missing, file_changed, seal_changed,
    signature_wrong, entry_not_in_seal, proof_unreadable, proof_of_other_recording, proof_of_other_clip.
    """

    broken: str | None
    where: str | None = None
    """The file or proof that is meant."""
    manifest: dict[str, Any] | None = None
    key: str | None = None
    """Public key that signed, hexadecimal: to be compared with the one that the office publishes."""

    @property
    def untouched_original(self) -> bool:
        """Whether the audio is the very file that was stored after the call, byte for byte."""
        if self.broken is not None or self.manifest is None:
            return False
        source, audio = self.manifest["source"], self.manifest["audio"]
        return bool(self.manifest["files"][audio] == source["original_sha256"])


def signed(content: dict[str, Any], signer: crypto.Signer) -> dict[str, Any]:
    """The manifest with format, key and signature."""
    whole = {"format": FORMAT, **content, "key": signer.public.hex()}
    return {**whole, "signature": signer.sign(canonical(whole).encode("utf-8")).hex()}


def check_export(path: Path, known_keys: set[str] | None = None) -> Verdict:
    """Checks an exported ZIP, or an audio file with ``<its name>.manifest.json`` or ``manifest.json`` beside it.

    ``known_keys``: public keys (hexadecimal) that are trusted; None accepts the manifest's own, which proves that
    nothing was changed since, not by whom it was signed.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return _check(archive.read(NAME)[:_MOST_BYTES], archive.open, known_keys)
        beside = next(
            (one for one in (path.with_name(path.name + f".{NAME}"), path.with_name(NAME)) if one.is_file()), None
        )
        if beside is None:
            return Verdict("unreadable", NAME)
        return _check(beside.read_bytes()[:_MOST_BYTES], lambda name: _beside(path, name), known_keys)
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError):
        return Verdict("unreadable", path.name)


def _beside(path: Path, name: str) -> IO[bytes]:
    """A file of the export in the same folder; the audio may have been renamed, other names may not lead away."""
    if "/" in name or "\\" in name or name in (".", ".."):
        raise FileNotFoundError(name)
    there = path.with_name(name)
    return (there if there.is_file() else path).open("rb")


def _check(raw: bytes, opened: Callable[[str], IO[bytes]], known_keys: set[str] | None) -> Verdict:
    try:
        manifest = json.loads(raw)
        signature = bytes.fromhex(manifest.pop("signature"))
        key = str(manifest["key"])
        ours = manifest["format"] == FORMAT
    except (ValueError, KeyError, TypeError, AttributeError):
        return Verdict("not_ours", NAME)
    if not ours:
        return Verdict("not_ours", NAME)
    if not _signed(key, manifest, signature):
        return Verdict("manifest_changed", NAME, manifest, key)
    if known_keys is not None and key not in known_keys:
        return Verdict("unknown_key", NAME, manifest, key)
    for name, digest in manifest["files"].items():
        broken = _file(opened, name, digest)
        if broken is not None:
            return Verdict(broken, name, manifest, key)
    for name, proof in manifest["proofs"].items():
        broken = seals.check_proof(proof, {key}) or _fits(name, proof, manifest)
        if broken is not None:
            return Verdict(broken, f"proof of {name}", manifest, key)
    return Verdict(None, None, manifest, key)


def _signed(key: str, manifest: dict[str, Any], signature: bytes) -> bool:
    try:
        return crypto.signed_by(bytes.fromhex(key), canonical(manifest).encode("utf-8"), signature)
    except ValueError:
        return False


def _file(opened: Callable[[str], IO[bytes]], name: str, digest: str) -> str | None:
    try:
        with opened(name) as file:
            found = hashlib.sha256()
            while piece := file.read(1 << 20):
                found.update(piece)
    except (OSError, KeyError, zipfile.BadZipFile):
        return "file_missing"
    return None if found.hexdigest() == digest else "file_changed"


def _fits(name: str, proof: dict[str, Any], manifest: dict[str, Any]) -> str | None:
    """Whether the sealed entry speaks of this recording and of this clip."""
    entry = json.loads(proof["entry"])
    if entry["recording_id"] != manifest["source"]["recording_id"] or entry["kind"] != name:
        return "proof_of_other_recording"
    if name == "stored":
        same = entry["body"]["files"]["original"]["sha256"] == manifest["source"]["original_sha256"]
        return None if same else "proof_of_other_recording"
    same = entry["body"]["audio_sha256"] == manifest["files"][manifest["audio"]]
    return None if same else "proof_of_other_clip"
