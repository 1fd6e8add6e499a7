"""The wheel in an empty environment: everything that ships is in it and the command works there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.wire

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of a fresh environment that holds the wheel and what it depends on, at the locked versions."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.rmtree(TOP / "build", ignore_errors=True)  # setuptools would ship what an older build left there
    quiet = ["-m", "pip", "-qq", "--disable-pip-version-check"]
    subprocess.run([sys.executable, *quiet, "wheel", "--no-deps", "-w", folder, TOP], check=True)
    [wheel] = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    binaries = folder / "env" / "bin"
    install = [*quiet, "install", "--no-compile", "-c", TOP / "requirements.lock", wheel]
    subprocess.run([binaries / "python", *install], check=True)
    return binaries


def run(binaries: Path, home: Path, *words: str) -> Any:
    """The JSON that a command of the installed package prints; run outside of the checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DATABASE"))}
    done = subprocess.run(
        [binaries / "hotline", *words, "--json"],
        cwd=home,
        env=environment | {"HOTLINE_HOME": str(home), "HOTLINE_ASTERISK_CACHE": str(home / "none")},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)


def test_doctor_finds_what_ships_in_the_wheel_itself(installed: Path, tmp_path: Path) -> None:
    checks = {check["name"]: check for check in run(installed, tmp_path, "doctor")["checks"]}
    assert checks["city pack"]["state"] == "ok"
    assert str(installed.parent) in checks["city pack"]["detail"]
    assert checks["web app"]["state"] == "ok"
    assert "prompts" in checks


def test_the_city_pack_passes_its_checks(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "ivr", "check")["ok"] is True


def test_a_database_is_made_and_filled(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "migrate")["ran"] != []
    added = run(installed, tmp_path, "seed")["added"]
    assert added["tickets"] > 0
    assert (tmp_path / "hotline.sqlite").exists()


def test_the_templates_of_the_switch_are_there(installed: Path) -> None:
    [shipped] = installed.parent.glob("lib/python*/site-packages/hotline/shipped")
    assert {path.name for path in shipped.iterdir()} == {"asterisk-conf", "cities"}
    assert sorted(path.name for path in (shipped / "asterisk-conf").iterdir()) == sorted(
        path.name for path in (TOP / "asterisk-conf").iterdir()
    )
