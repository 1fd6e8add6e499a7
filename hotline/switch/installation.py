"""An Asterisk that can be run: where its parts lie, how its program is started, whether its modules load."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

OLDEST_VERSION = 20
"""The first major version whose queue, PJSIP and MixMonitor options are all the ones that our files use."""

_SYSTEM_MODULES = (
    "/usr/lib/*/asterisk/modules",
    "/usr/lib/asterisk/modules",
    "/usr/lib64/asterisk/modules",
    "/usr/local/lib/asterisk/modules",
)
_SYSTEM_DATA = ("/usr/share/asterisk", "/var/lib/asterisk", "/usr/local/share/asterisk", "/usr/local/var/lib/asterisk")


@dataclass(frozen=True)
class Installation:
    """A usable Asterisk.  ``command`` starts its program; options are appended to it."""

    command: tuple[str, ...]
    modules: Path
    data: Path
    """Holds ``documentation/``, against which Asterisk's modules check their options at start."""
    version: str
    private: bool
    """Unpacked by us, as opposed to the machine's own."""


def installed_on_path(modules: Iterable[str]) -> Installation | None:
    """The machine's own Asterisk if it is new enough and has every module that we load, else None."""
    program = shutil.which("asterisk")
    if program is None:
        return None
    version = version_of((program,))
    if version is None or major(version) < OLDEST_VERSION:
        return None
    module_dir = _first(_SYSTEM_MODULES, "chan_pjsip.so")
    data = _first(_SYSTEM_DATA, "documentation")
    if module_dir is None or data is None or missing_files(module_dir, modules):
        return None
    return Installation((program,), module_dir, data, version, private=False)


def in_tree(root: Path) -> Installation | None:
    """The Asterisk unpacked under ``root``, run by the C library's loader of the same tree, or None.

    The tree's programs need the tree's own, newer C library; naming its loader and its library folder on the
    command line gives them that without chroot, without root and without touching the machine's libraries.
    """
    modules = _first((f"{root}/usr/lib/*/asterisk/modules",), "chan_pjsip.so")
    if modules is None:
        return None
    libraries = modules.parent.parent
    loader = next(iter(sorted(libraries.glob("ld-linux*.so.*"))), None)
    if loader is None:
        return None
    program = str(root / "usr/sbin/asterisk")
    command = (str(loader), "--argv0", "asterisk", "--library-path", str(libraries), program)
    version = version_of(command)
    if version is None:
        return None
    return Installation(command, modules, root / "usr/share/asterisk", version, private=True)


def missing_files(module_dir: Path, modules: Iterable[str]) -> list[str]:
    """The modules that do not exist in ``module_dir``."""
    return [name for name in modules if not (module_dir / name).is_file()]


def unloadable(installation: Installation, modules: Iterable[str]) -> list[str]:
    """The modules of a private tree that are absent or need a library that the tree does not hold."""
    wanted = list(modules)
    broken = missing_files(installation.modules, wanted)
    loader, libraries = installation.command[0], installation.command[4]
    for name in wanted:
        if name in broken:
            continue
        listing = subprocess.run(  # noqa: S603 - the tree's own loader, only listing
            [loader, "--library-path", libraries, "--list", str(installation.modules / name)],
            capture_output=True,
            text=True,
            check=False,
        )
        if listing.returncode != 0 or "not found" in listing.stdout + listing.stderr:
            broken.append(name)
    return broken


def version_of(command: tuple[str, ...]) -> str | None:
    """What ``asterisk -V`` says, for example ``22.10.1``; None when it cannot be run."""
    try:
        answer = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"Asterisk\s+\S*?(\d+(?:\.\d+)*)", answer.stdout)
    return found[1] if found else None


def major(version: str) -> int:
    """``22`` of ``22.10.1``."""
    return int(version.partition(".")[0])


def _first(patterns: Iterable[str], holding: str) -> Path | None:
    """The first existing folder that matches one of the absolute patterns and holds the named entry."""
    for pattern in patterns:
        for found in sorted(Path("/").glob(pattern.lstrip("/"))):
            if (found / holding).exists():
                return found
    return None
