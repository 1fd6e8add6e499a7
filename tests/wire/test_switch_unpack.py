"""Unpacking a private Asterisk, against an apt that serves packages made here: no network, no real Asterisk."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest

from hotline.switch import NoAsterisk, ensure_asterisk, find_asterisk
from hotline.switch.unpack import cache_dir

pytestmark = pytest.mark.wire

MODULES = ["chan_pjsip.so", "app_queue.so"]

# Stands for the tree's loader: runs "asterisk -V", and lists a module's libraries, of which broken ones lack one.
LOADER = """#!/bin/sh
case "$*" in
  *--list*) for module; do :; done; grep -q broken "$module" && echo "libgone.so => not found"; exit 0;;
  *-V) echo "Asterisk 22.1.0-fake";;
esac
"""
APT = """#!/bin/sh
# Serves the packages of $SHELF; "short" ones to download, all of them to install.
echo "$0 $*" >> "$SHELF/asked"
case "$*" in
  "update --print-uris") echo "'file:/mirror/debian/dists/testville/InRelease' x 0";;
  "-qq update") ;;
  *--simulate*) for deb in "$SHELF"/*/*.deb; do echo "Inst $(basename "$deb" .deb) (1)"; done;;
  *download*--print-uris) for deb in $(chosen "$@"); do echo "'u' $(basename "$deb") 100 SHA256:0"; done;;
  *download*) for deb in $(chosen "$@"); do cp "$deb" .; done;;
esac
"""
CHOSEN = """#!/bin/sh
case "$*" in *zz-extra*) ls "$SHELF"/*/*.deb;; *) ls "$SHELF"/short/*.deb;; esac
"""


def package(shelf: Path, name: str, files: dict[str, str]) -> None:
    """Builds a real .deb with these files."""
    tree = shelf / "trees" / Path(name).name
    for path, content in {"DEBIAN/control": "", **files}.items():
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
        target.chmod(0o755)
    control = (
        f"Package: {Path(name).name}\nVersion: 1\nArchitecture: all\nMaintainer: t <t@example.org>\nDescription: t\n"
    )
    (tree / "DEBIAN/control").write_text(control)
    target = shelf / f"{name}.deb"
    target.parent.mkdir(exist_ok=True)
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", tree, target], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mirror whose short list is complete; the tools that would ask a real one are replaced."""
    shelf, tools = tmp_path / "shelf", tmp_path / "tools"
    tools.mkdir()
    library = "usr/lib/testarch"
    package(
        shelf,
        "short/asterisk",
        {
            f"{library}/ld-linux-test.so.2": LOADER,
            f"{library}/asterisk/modules/chan_pjsip.so": "",
            f"{library}/asterisk/modules/app_queue.so": "",
            "usr/sbin/asterisk": "",
        },
    )
    for name, text in {
        "apt-get": APT,
        "chosen": CHOSEN,
        "apt-config": "#!/bin/sh\n",
        "dpkg": "#!/bin/sh\necho all\n",
    }.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    system = tmp_path / "os-release"
    system.write_text('ID=debian\nVERSION_CODENAME="testville"\n')
    monkeypatch.setattr("hotline.switch.unpack._OS_RELEASE", system)
    monkeypatch.setattr("hotline.switch.unpack.installed_on_path", lambda modules: None)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("SHELF", str(shelf))
    monkeypatch.setenv("HOTLINE_ASTERISK_CACHE", str(tmp_path / "cache"))
    return shelf


def asked(shelf: Path) -> int:
    return len((shelf / "asked").read_text().splitlines()) if (shelf / "asked").exists() else 0


def test_first_time_it_is_fetched_and_later_it_is_there(shelf: Path) -> None:
    said: list[str] = []
    assert find_asterisk(MODULES) is None
    found = ensure_asterisk(MODULES, said.append)
    assert (found.version, found.private) == ("22.1.0", True)
    assert found.command[0].startswith(str(cache_dir()))
    assert any("downloading 1 packages" in line for line in said)
    assert "unpacking 1 of 1" in "".join(said)
    assert not (cache_dir() / "apt").exists(), "the package lists are thrown away"
    before = asked(shelf)
    assert ensure_asterisk(MODULES, said.append) == found == find_asterisk(MODULES)
    assert asked(shelf) == before


def test_unpacking_again_needs_no_network(shelf: Path) -> None:
    ensure_asterisk(MODULES, print)
    (cache_dir() / "ready.json").unlink()
    before = asked(shelf)
    assert ensure_asterisk(MODULES, print).version == "22.1.0"
    assert asked(shelf) == before


@pytest.mark.parametrize("content", [None, "broken"], ids=["absent", "library missing"])
def test_when_the_short_list_no_longer_fits_everything_is_taken(shelf: Path, content: str | None) -> None:
    modules = "usr/lib/testarch/asterisk/modules"
    if content:
        package(shelf, "short/z-late", {f"{modules}/res_new.so": content})
    package(shelf, "full/zz-extra", {f"{modules}/res_new.so": "good"})
    said: list[str] = []
    ensure_asterisk([*MODULES, "res_new.so"], said.append)
    assert any("every dependency" in line for line in said)
    assert "res_new.so" in json.loads((cache_dir() / "ready.json").read_text())["modules"]


def test_a_mirror_without_a_fitting_set_is_told(shelf: Path) -> None:
    with pytest.raises(NoAsterisk, match="do not fit"):
        ensure_asterisk([*MODULES, "res_unheard_of.so"], print)
    assert find_asterisk(MODULES) is None, "nothing half-made is left"


def test_two_at_once_download_once(shelf: Path) -> None:
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(ensure_asterisk(MODULES, lambda _: None))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 3
    assert (shelf / "asked").read_text().count("-qq update") == 1


def test_a_cut_download_is_repeated(shelf: Path) -> None:
    (cache_dir() / "debs").mkdir(parents=True)
    (cache_dir() / "debs" / "asterisk.deb").write_bytes(b"!<arch>\n half")
    assert ensure_asterisk(MODULES, print).version == "22.1.0"


def test_another_system_is_told_what_to_do(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "os-release").write_text("ID=plan9\n")
    with pytest.raises(NoAsterisk, match="install asterisk"):
        ensure_asterisk(MODULES, print)
