"""The files of ``deploy/`` and the container files say what the code says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.unit

TOP = Path(__file__).parents[2]
UNITS = sorted((TOP / "deploy" / "systemd").glob("hotline*"))


def test_units_are_what_systemd_understands(tmp_path: Path) -> None:
    """``systemd-analyze verify`` also wants the program to exist, so a program that does stands in for ours."""
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/hotline/bin/hotline", "/bin/true"))
    verify = [shutil.which("systemd-analyze") or "systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_each_program_has_its_unit_and_the_target_wants_it() -> None:
    from hotline.programs import NAMES

    target = (TOP / "deploy" / "systemd" / "hotline.target").read_text()
    for name in NAMES:
        assert f"hotline-{name}.service" in target


def test_the_units_and_the_containers_start_commands_that_exist() -> None:
    from typer.main import get_command

    from hotline.cli.main import app

    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    started = {match for unit in UNITS for match in re.findall(r"^ExecStart=\S+ (\w+)", unit.read_text(), re.M)}
    compose = (TOP / "compose.yaml").read_text()
    started |= set(re.findall(r"command: \[?\"?(\w+)", compose))
    assert started
    assert started <= commands


def test_commands_of_the_install_page_see_what_the_units_see(tmp_path: Path) -> None:
    """The script the page installs, run with the page's own settings, before a program that tells its environment."""
    from hotline.cli import reference
    from hotline.settings import Settings

    page = (TOP / "docs" / "install.md").read_text("utf-8")
    written = re.findall(r"^((?:DATABASE_URL|HOTLINE_\w+)=.+)$", page, re.M)
    assert {name.partition("=")[0].removeprefix("HOTLINE_").lower() for name in written} <= set(Settings.model_fields)
    env_file, program, script = tmp_path / "hotline.env", tmp_path / "program", tmp_path / "hotline"
    env_file.write_text("\n".join([*written, "HOTLINE_SMTP_USER='a b&c'"]))
    program.write_text('#!/bin/sh\nenv\necho "given=$*"\n')
    text = (TOP / "deploy" / "hotline").read_text("utf-8")
    assert text.count("/etc/hotline/hotline.env") == 2 and "/opt/hotline/bin/hotline" in text
    script.write_text(
        text.replace("/etc/hotline/hotline.env", str(env_file)).replace('/opt/hotline/bin/hotline "', f'{program} "')
    )
    for file in (program, script):
        file.chmod(0o755)
    bare = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run([script, "user", "add"], capture_output=True, text=True, check=True, env=bare)
    seen = set(done.stdout.splitlines())
    desk = (TOP / "deploy" / "systemd" / "hotline-desk.service").read_text("utf-8")
    assert "EnvironmentFile=-/etc/hotline/hotline.env" in desk
    of_the_unit = re.findall(r"^Environment=(.+)$", desk, re.M)
    assert {*written, *of_the_unit, "HOTLINE_SMTP_USER=a b&c", "given=user add"} <= seen
    typed = re.findall(r"^sudo -u hotline (\S+) ([a-z][a-z ]*)", page, re.M)
    assert typed and {path for path, _ in typed} == {"/usr/local/bin/hotline"}
    known = set(reference.commands())
    assert all(any(said.startswith(name) for name in known) for _, said in typed)


def test_the_switch_is_never_stopped_with_the_others() -> None:
    """Asterisk's unit names no other of ours, so restarting desk, IVR or worker cannot take calls down."""
    text = (TOP / "deploy" / "systemd" / "hotline-asterisk.service").read_text()
    assert not re.search(r"(Requires|BindsTo|After)=.*hotline-(desk|ivr|worker)", text)


def test_compose_is_consistent_and_uses_settings_that_exist() -> None:
    from hotline.settings import Settings

    compose = yaml.safe_load((TOP / "compose.yaml").read_text())
    services, volumes = compose["services"], set(compose["volumes"])
    for name, service in services.items():
        assert {entry.split(":")[0] for entry in service.get("volumes", [])} <= volumes, name
        assert set(service.get("depends_on", [])) <= set(services), name
        network = service.get("network_mode", "service:asterisk")
        assert network.removeprefix("service:") in services, name
        known = {"DATABASE_URL"} | {f"HOTLINE_{setting.upper()}" for setting in Settings.model_fields}
        given = {key for key in service.get("environment", {}) if not key.startswith("POSTGRES_")}
        assert given <= known, name
    ports = {entry.split(":")[0].split("-")[0] for entry in services["asterisk"]["ports"]}
    defaults = Settings.model_fields
    assert {str(defaults[name].default) for name in ("desk_port", "sip_port", "rtp_start")} == ports


def test_the_image_copies_every_package_and_data_folder() -> None:
    dockerfile = (TOP / "Dockerfile").read_text()
    copied = set(re.findall(r"^COPY (\S+) \1$", dockerfile, re.M))
    packages = {path.parent.name for path in TOP.glob("*/__init__.py")} - {"tests", "bench"}
    assert copied == packages | {"asterisk-conf", "cities"}
