"""A private Asterisk without root: packages of the machine's own mirror, unpacked into a cache folder.

Debian's current stable release has no Asterisk, its development branch has.  apt, given a private state
folder, downloads from there without touching the machine; ``dpkg-deb -x`` unpacks; the tree is run by its own
loader (:func:`hotline.switch.installation.in_tree`).  Proved with 27 packages, 22 MB; when the branch has
moved on so far that these no longer fit together, all dependencies are taken instead (160 packages, 79 MB).

The packages stay in the cache: unpacking again needs no network, and the version moves only when the cache
folder is deleted.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hotline.switch.installation import Installation, in_tree, installed_on_path, unloadable

Say = Callable[[str], None]
"""Hears one line for every step, and several while a long one goes on."""

CACHE_VARIABLE = "HOTLINE_ASTERISK_CACHE"
_OS_RELEASE = Path("/etc/os-release")

_ASTERISK = ("asterisk", "asterisk-modules", "asterisk-core-sounds-en-gsm")
# Exactly the libraries that the modules of asterisk-conf/modules.conf are linked with.
_LIBRARIES = (
    *("libc6", "libgcc-s1", "libstdc++6", "libcrypt1", "zlib1g", "libzstd1", "libmd0", "libbsd0", "libcap2"),
    *("libssl3t64", "libnspr4", "libnss3", "libsrtp2-1", "libsqlite3-0", "libjansson4", "liburiparser1", "libuuid1"),
    *("libxml2-16", "libxslt1.1", "libedit2", "libtinfo6", "libsystemd0", "libopus0", "libgsm1"),
)
_PRIVATE_CONF = """\
Dir "{apt}";
Dir::State "{apt}";
Dir::State::status "{apt}/status";
Dir::State::lists "{apt}/lists";
Dir::Cache "{apt}/cache";
Dir::Etc "{apt}/etc";
Dir::Etc::sourcelist "{apt}/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Update::Error-Mode "any";
APT::Architecture "{architecture}";
APT::Architectures "{architecture}";
APT::Install-Recommends "false";
APT::Sandbox::User "";
"""


class NoAsterisk(Exception):
    """No usable Asterisk can be had; the text says why and what to do."""


def cache_dir() -> Path:
    """Where the private Asterisk is kept for all homes of this user; ``HOTLINE_ASTERISK_CACHE`` moves it."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hotline12345" / "asterisk"
    return Path(os.environ.get(CACHE_VARIABLE) or default).absolute()


def find_asterisk(modules: Sequence[str]) -> Installation | None:
    """The Asterisk that :func:`ensure_asterisk` would return at once, or None when it had to download."""
    return installed_on_path(modules) or _ready(cache_dir(), modules)


def ensure_asterisk(modules: Sequence[str], say: Say) -> Installation:
    """An Asterisk with all of ``modules``: the machine's own, else the private one, downloaded if need be.

    Raises :class:`NoAsterisk`.  Two callers at once are safe: the second waits and finds the first one's.
    """
    found = find_asterisk(modules)
    if found is not None:
        return found
    cache = cache_dir()
    with _locked(cache, say):
        found = _ready(cache, modules)
        if found is not None:
            return found
        for package_set in _package_sets(cache, say):
            found = _unpack(cache, package_set, modules, say)
            if found is not None:
                shutil.rmtree(cache / "apt", ignore_errors=True)  # the package lists alone take 150 MB
                return found
    raise NoAsterisk("The mirror's Asterisk packages do not fit together today; install asterisk 20 or newer yourself.")


def _ready(cache: Path, modules: Sequence[str]) -> Installation | None:
    """The unpacked tree, if it was checked for all of ``modules``."""
    try:
        checked = json.loads((cache / "ready.json").read_text("utf-8"))["modules"]
    except (OSError, ValueError, KeyError):
        return None
    return in_tree(cache / "root") if set(modules) <= set(checked) else None


def _package_sets(cache: Path, say: Say) -> Iterator[list[Path]]:
    """Packages to try in turn: those already here, the short list, everything."""
    packages = cache / "debs"
    kept = sorted(packages.glob("*.deb"))
    if kept:
        yield kept
    for tool in ("apt-get", "dpkg-deb", "dpkg"):
        if shutil.which(tool) is None:
            raise NoAsterisk(f"{tool} is not here; on this system install asterisk 20 or newer yourself.")
    environment = _private_apt(cache)
    say("Asterisk: reading the mirror's package list")
    _run(["apt-get", "-qq", "update"], environment)
    packages.mkdir(exist_ok=True)
    _download([*_ASTERISK, *_LIBRARIES], packages, environment, say)
    yield sorted(packages.glob("*.deb"))
    say("Asterisk: the short list no longer fits; taking every dependency")
    _download(_all_dependencies(environment), packages, environment, say)
    yield sorted(packages.glob("*.deb"))


def _unpack(cache: Path, packages: Sequence[Path], modules: Sequence[str], say: Say) -> Installation | None:
    """Unpacks into a fresh tree, which takes its name only once every module is known to load."""
    if not packages:
        return None
    fresh = cache / "root.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for number, package in enumerate(packages, 1):
        say(f"Asterisk: unpacking {number} of {len(packages)}")
        try:
            _run(["dpkg-deb", "-x", str(package), str(fresh)], dict(os.environ))
        except NoAsterisk:  # cut off while it was downloaded; the next set fetches it again
            package.unlink()
            return None
    say("Asterisk: checking that every module loads")
    found = in_tree(fresh)
    if found is None or unloadable(found, modules):
        shutil.rmtree(fresh)
        return None
    root = cache / "root"
    (cache / "ready.json").unlink(missing_ok=True)
    shutil.rmtree(root, ignore_errors=True)
    fresh.rename(root)
    record = {"version": found.version, "packages": len(packages), "modules": sorted(modules)}
    (cache / "ready.json").write_text(json.dumps(record, indent=1), "utf-8")
    say(f"Asterisk: {found.version} is ready")
    return in_tree(root)


def _private_apt(cache: Path) -> dict[str, str]:
    """An environment in which apt works on a state of its own and reads the suite that holds Asterisk."""
    apt = cache / "apt"
    for folder in ("lists/partial", "cache/archives/partial", "etc"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    system = _os_release()
    suite, components = ("sid", "main") if system["ID"] == "debian" else (system["VERSION_CODENAME"], "main universe")
    keyring = Path(f"/usr/share/keyrings/{system['ID']}-archive-keyring.gpg")
    signed = f"[signed-by={keyring}] " if keyring.exists() else ""
    mirror = _mirror(system["VERSION_CODENAME"])
    (apt / "etc" / "sources.list").write_text(f"deb {signed}{mirror} {suite} {components}\n", "utf-8")
    architecture = _run(["dpkg", "--print-architecture"], dict(os.environ)).strip()
    # The machine's own way to its mirror (a proxy, a certificate) holds for us too.
    way = [
        line for line in _run(["apt-config", "dump"], dict(os.environ)).splitlines() if _is_proxy_or_certificate(line)
    ]
    conf = apt / "apt.conf"
    conf.write_text("\n".join([*way, _PRIVATE_CONF.format(apt=apt, architecture=architecture)]), "utf-8")
    return {**os.environ, "APT_CONFIG": str(conf), "LC_ALL": "C"}


def _is_proxy_or_certificate(line: str) -> bool:
    return re.match(r"Acquire::(https?|ftp)::", line) is not None


def _mirror(codename: str) -> str:
    """The address the machine's own apt reads this release from, asked from apt, so every way to name it works."""
    listing = _run(["apt-get", "update", "--print-uris"], dict(os.environ))
    found = re.search(rf"^'(\S+?)/dists/{re.escape(codename)}/InRelease'", listing, re.MULTILINE)
    if found is None:
        raise NoAsterisk("apt knows no mirror of this release; add one, or install asterisk 20 or newer yourself.")
    return found[1]


def _all_dependencies(environment: dict[str, str]) -> list[str]:
    """Every package that installing Asterisk on an empty system would take."""
    plan = _run(["apt-get", "-qq", "--simulate", "install", "asterisk", "asterisk-core-sounds-en-gsm"], environment)
    return re.findall(r"^Inst (\S+)", plan, re.MULTILINE)


def _download(names: Iterable[str], folder: Path, environment: dict[str, str], say: Say) -> None:
    """Downloads packages into ``folder``, saying how far it is; what is there already is not fetched again."""
    wanted = ["apt-get", "-qq", "download", *names]
    try:
        files = re.findall(r"^'\S+' (\S+) (\d+) ", _run([*wanted, "--print-uris"], environment), re.MULTILINE)
    except NoAsterisk:
        return  # a name of the short list is gone; the caller's check fails and takes the next set
    total = sum(int(size) for _, size in files)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(1):
            here = sum(path.stat().st_size for path in folder.glob("*.deb"))
            say(f"Asterisk: downloading {len(files)} packages, {here / 1e6:.0f} of {total / 1e6:.0f} MB")

    say(f"Asterisk: downloading {len(files)} packages, {total / 1e6:.0f} MB")
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        _run(wanted, environment, folder)
    finally:
        done.set()
        watcher.join()
    # Versions of an earlier day would be unpacked over the new ones.
    names_now = {name for name, _ in files}
    for package in folder.glob("*.deb"):
        if package.name not in names_now:
            package.unlink()


def _run(command: list[str], environment: dict[str, str], folder: Path | None = None) -> str:
    """Runs a tool to its end and returns what it printed; its complaint becomes :class:`NoAsterisk`."""
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise NoAsterisk(f"{' '.join(command[:3])}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def _os_release() -> dict[str, str]:
    """os-release(5) as a dictionary."""
    try:
        text = _OS_RELEASE.read_text("utf-8")
    except FileNotFoundError:
        text = ""
    values = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE))
    if not {"ID", "VERSION_CODENAME"} <= values.keys():
        raise NoAsterisk("This is neither Debian nor Ubuntu; install asterisk 20 or newer yourself.")
    return values


@contextmanager
def _locked(cache: Path, say: Say) -> Iterator[None]:
    """One unpacking at a time for this cache."""
    cache.mkdir(parents=True, exist_ok=True)
    handle = os.open(cache / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Asterisk: another start is unpacking it; waiting")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
