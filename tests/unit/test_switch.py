"""Rendering the configuration, phones' files, and the small pieces beneath them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from hotline import resources
from hotline.settings import Settings
from hotline.switch import BadPhone, BadSwitchConfig, Installation, Phone, add_phone, phones, remove_phone, render
from hotline.switch.addresses import local_ipv4
from hotline.switch.installation import major
from hotline.switch.process import running_pid, start_command
from hotline.switch.render import needed_modules, rendered, values
from tests.kit.dialplan import sections

pytestmark = pytest.mark.unit

SECRET = "5" * 40
PASSWORD = "p" * 40


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """Every module as an empty file, except the optional ones."""
    modules, data = tmp_path / "modules", tmp_path / "data"
    (data / "documentation").mkdir(parents=True)
    modules.mkdir()
    for name in needed_modules(resources.asterisk_conf()):
        (modules / name).touch()
    return Installation(("asterisk",), modules, data, "22.1", private=False)


def render_into(home: Path, installation: Installation, conf: Path | None = None, **changes: object) -> Path:
    prompts = home / "prompts"
    (prompts / "zh").mkdir(parents=True, exist_ok=True)
    settings = Settings(home=home, **changes)  # type: ignore[arg-type]
    render(settings, conf or resources.asterisk_conf(), SECRET, installation, prompts)
    return settings.asterisk_dir


def text(installation: Installation, file: str, **changes: object) -> str:
    settings = Settings(home=Path("/srv/h"), **changes)  # type: ignore[arg-type]
    return rendered(resources.asterisk_conf(), values(settings, SECRET, installation), installation)[file]


def test_everything_is_private(tmp_path: Path, installation: Installation) -> None:
    home = render_into(tmp_path, installation)
    files = [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(files) > 15
    assert [path for path in files if path.stat().st_mode & 0o077] == []
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "data/sounds/city").resolve() == tmp_path / "prompts"


def test_rendering_twice_keeps_phones_own_files_keys_and_music(tmp_path: Path, installation: Installation) -> None:
    home = render_into(tmp_path, installation)
    add_phone(home / "etc/pjsip.d", Phone("8001", "web", "x", PASSWORD))
    (home / "etc/local/extensions.conf").write_text("; mine")
    (home / "data/moh/comfort.wav").rename(home / "data/moh/ours.wav")
    key = (home / "keys/asterisk.key").read_bytes()
    render_into(tmp_path, installation)
    assert phones(home / "etc/pjsip.d") == {"8001": "web"}
    assert (home / "etc/local/extensions.conf").read_text() == "; mine"
    assert (home / "keys/asterisk.key").read_bytes() == key
    assert [path.name for path in (home / "data/moh").iterdir()] == ["ours.wav"]


def test_every_unknown_mark_is_named_and_nothing_is_written(tmp_path: Path, installation: Installation) -> None:
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "modules.conf").write_text("[modules]\n")
    (conf / "a.conf").write_text("x = @DIR@\ny = @TYPING_SLIP@\n")
    (conf / "b.conf").write_text("@OTHER@\n")
    with pytest.raises(BadSwitchConfig) as caught:
        render_into(tmp_path / "home", installation, conf)
    assert str(caught.value).splitlines() == ["a.conf:2: @TYPING_SLIP@ is unknown", "b.conf:1: @OTHER@ is unknown"]
    assert not (tmp_path / "home/asterisk/etc").exists()


def test_a_folder_without_templates_is_refused(tmp_path: Path, installation: Installation) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadSwitchConfig, match="no configuration files"):
        render_into(tmp_path, installation, tmp_path / "empty")


def test_a_home_too_deep_for_a_socket_is_refused(tmp_path: Path, installation: Installation) -> None:
    with pytest.raises(BadSwitchConfig, match="104 bytes"):
        render_into(tmp_path / ("deep" * 30), installation)


@pytest.mark.parametrize("name", ["with;semicolon", "with,comma", "with)bracket", "with${dollar}"])
def test_a_home_that_would_change_the_dialplan_is_refused(
    tmp_path: Path, installation: Installation, name: str
) -> None:
    with pytest.raises(BadSwitchConfig, match="may not"):
        render_into(tmp_path / name, installation)


def test_a_home_with_spaces_and_chinese_is_fine(installation: Installation) -> None:
    with tempfile.TemporaryDirectory(prefix="热 线 ") as folder:  # short: a control socket's path has a limit
        home = render_into(Path(folder), installation)
        assert "热 线" in (home / "etc/asterisk.conf").read_text("utf-8")


def test_on_loopback_only_loopback_is_offered(installation: Installation) -> None:
    rtp = sections(text(installation, "rtp.conf"))
    assert rtp["general"][0]["ice_permit"] == "127.0.0.0/255.0.0.0"
    assert set(rtp["ice_host_candidates"][0].values()) - {""} <= {"127.0.0.1"}
    assert sections(text(installation, "pjsip.conf"))["leg"][0]["media_address"] == "127.0.0.1"


def test_on_every_address_nothing_is_forced(installation: Installation) -> None:
    rtp, pjsip = (text(installation, name, bind_address="0.0.0.0") for name in ("rtp.conf", "pjsip.conf"))
    assert "ice_deny" not in rtp
    assert "=>" not in rtp
    assert "media_address" not in pjsip
    assert "bind = 0.0.0.0:25060" in pjsip


def test_behind_nat_the_outside_address_is_told(installation: Installation) -> None:
    pjsip = text(installation, "pjsip.conf", bind_address="10.1.2.3", external_address="203.0.113.5")
    transport = sections(pjsip)["transport"][0]
    assert transport["external_media_address"] == transport["external_signaling_address"] == "203.0.113.5"
    assert "local_net = 10.0.0.0/8" in pjsip


def test_an_absent_optional_module_is_left_out(installation: Installation) -> None:
    assert "load = codec_opus_open_source.so" not in text(installation, "modules.conf")
    (installation.modules / "codec_opus_open_source.so").touch()
    assert "load = codec_opus_open_source.so" in text(installation, "modules.conf")


@pytest.mark.parametrize(
    "bad",
    [
        {"trunk_match": "1.2.3.4\nx"},
        {"trunk_contact": "host;x"},
        {"external_address": "a b"},
        {"hotline_number": "1,2"},
    ],
)
def test_settings_cannot_smuggle_configuration(bad: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Settings(**bad)  # type: ignore[arg-type]


# -------------------------------------------------------------------------------------------------------- phones


def test_a_phone_is_written_once_and_private(tmp_path: Path) -> None:
    phone = Phone("8001", "web", "王芳", PASSWORD)
    assert add_phone(tmp_path, phone)
    assert not add_phone(tmp_path, phone)
    assert add_phone(tmp_path, Phone("8001", "phone", "王芳", PASSWORD))
    assert phones(tmp_path) == {"8001": "phone"}
    assert (tmp_path / "8001.conf").stat().st_mode & 0o777 == 0o600
    assert remove_phone(tmp_path, "8001")
    assert not remove_phone(tmp_path, "8001")
    assert phones(tmp_path) == {}


def test_a_citizens_phone_shows_its_number(tmp_path: Path) -> None:
    add_phone(tmp_path, Phone("9001", "citizen", "市民", PASSWORD, number="13800138000"))
    endpoint = sections((tmp_path / "9001.conf").read_text("utf-8"))["9001"][0]
    assert endpoint["callerid"] == '"市民" <13800138000>'


@pytest.mark.parametrize(
    "name", ['"><x>', "a\r\n[evil]\ntype=endpoint", "semi;colon", "back\\slash", "x" * 500, "", "🙂 王", "[8002](web)"]
)
def test_any_name_stays_a_name(tmp_path: Path, name: str) -> None:
    add_phone(tmp_path, Phone("8001", "web", name, PASSWORD))
    found = sections((tmp_path / "8001.conf").read_text("utf-8"))
    assert found.keys() == {"8001"}
    assert len(found["8001"]) == 3
    assert re.fullmatch(r'"[^"<>]{0,60}" <8001>', found["8001"][0]["callerid"])


@pytest.mark.parametrize(
    "phone",
    [
        Phone("../x", "web", "x", PASSWORD),
        Phone("8", "web", "x", PASSWORD),
        Phone("8001", "web", "x", "short"),
        Phone("8001", "web", "x", PASSWORD + "\nx"),
        Phone("8001", "web", "x", PASSWORD, number="<x>"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, phone: Phone) -> None:
    with pytest.raises(BadPhone):
        add_phone(tmp_path, phone)
    assert list(tmp_path.iterdir()) == []


# -------------------------------------------------------------------------------------------------------- pieces


def test_the_machines_addresses_are_not_loopback() -> None:
    assert not [address for address in local_ipv4() if address.startswith("127.")]


def test_asterisk_is_started_with_a_private_umask(tmp_path: Path, installation: Installation) -> None:
    command = start_command(installation, tmp_path)
    assert "umask 077" in command[2]
    assert command[-3:] == ["-C", str(tmp_path / "etc/asterisk.conf"), "-f"]


def test_a_pid_of_another_program_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/asterisk.pid").write_text("1\n")
    assert running_pid(tmp_path) is None


def test_versions() -> None:
    assert [major(version) for version in ("22.10.1", "20", "20.6.0")] == [22, 20, 20]


def test_after_a_restart_registered_phones_are_asked_at_once() -> None:
    """Within the five seconds in which everything has to agree again; by default it may take the whole interval."""
    text = (resources.asterisk_conf() / "pjsip.conf").read_text("utf-8")
    [seconds] = re.findall(r"^max_initial_qualify_time = (\d+)$", text, re.M)
    [interval] = re.findall(r"^qualify_frequency = (\d+)$", text, re.M)
    assert 0 < int(seconds) <= 3 < int(interval)
