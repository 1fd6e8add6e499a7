"""Settings, secrets, process identity, ports: the small parts of the house."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent_desktop import WorkingRules
from hotline import pid_file, ports, settings
from hotline.secrets_file import SecretsFile

pytestmark = pytest.mark.unit
BOUNDS = r"name: '(\w+)', min: (\d+), max: (\d+)"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("HOTLINE_") or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    return tmp_path


class TestSettings:
    def test_what_an_office_changes_while_working_starts_with_a_setting_of_the_same_bounds(self) -> None:
        for name, rule in WorkingRules.model_fields.items():
            start = settings.Settings.model_fields[name]
            assert (start.default, start.metadata) == (rule.default, rule.metadata), name

    def test_the_page_of_the_desks_rules_keeps_the_servers_bounds(self) -> None:
        page = (Path(__file__).parents[2] / "agent_desktop/web/src/office/desk-rules.ts").read_text("utf-8")
        shown = {name: (int(low), int(high)) for name, low, high in re.findall(BOUNDS, page)}
        kept = {
            name: (rule["minimum"], rule["maximum"])
            for name, rule in WorkingRules.model_json_schema()["properties"].items()
            if "minimum" in rule
        }
        assert shown == kept

    def test_environment_beats_file_beats_default(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (home / "hotline.toml").write_text("sip_port = 5060\nrtp_start = 20000\n")
        monkeypatch.setenv("HOTLINE_SIP_PORT", "5070")
        loaded = settings.load()
        assert (loaded.sip_port, loaded.rtp_start, loaded.rtp_end) == (5070, 20000, 30400)

    def test_every_problem_is_named_with_its_place(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (home / "hotline.toml").write_text('# ours\nsip_port = 99999\ncitty = "x"\n')
        monkeypatch.setenv("HOTLINE_AMI_PORT", "many")
        with pytest.raises(settings.BadSettings) as caught:
            settings.load()
        said = sorted(caught.value.problems)
        assert said[0].startswith(f"{home}/hotline.toml:2: sip_port: ")
        assert said[1] == f"{home}/hotline.toml:3: citty: there is no such setting"
        assert said[2].startswith("environment variable HOTLINE_AMI_PORT: ")

    def test_what_cannot_be_is_refused_all_at_once(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lines = [
            'time_zone = "Mars/X"',
            "sip_port = 5060",
            "ami_port = 12345",
            "rtp_start = 20000",
            "rtp_end = 19999",
            'bind_address = "everywhere"',
        ]
        (home / "hotline.toml").write_text("\n".join(lines))
        monkeypatch.setenv("HOTLINE_LOCAL_NETWORKS", "nonsense")
        monkeypatch.setenv("HOTLINE_SIP_TLS_PORT", "5060")
        with pytest.raises(settings.BadSettings) as caught:
            settings.load()
        said = "\n".join(caught.value.problems)
        for place, words in {
            f"{home}/hotline.toml:1: time_zone": "no time zone 'Mars/X'",
            f"{home}/hotline.toml:3: ami_port": "port 12345 is desk_port already",
            f"{home}/hotline.toml:5: rtp_end": "is below rtp_start (20000)",
            f"{home}/hotline.toml:6: bind_address": "Expected 4 octets",
            "environment variable HOTLINE_LOCAL_NETWORKS": "not a list of texts",
            "environment variable HOTLINE_SIP_TLS_PORT": "port 5060 is sip_port already",
        }.items():
            assert re.search(f"^{re.escape(place)}: .*{re.escape(words)}", said, re.M), (place, said)
        assert len(caught.value.problems) == 6

    @pytest.mark.parametrize("networks", ['["10.0.0.0/33"]', '["office"]', "3", '[""]'])
    def test_networks_are_networks(self, home: Path, monkeypatch: pytest.MonkeyPatch, networks: str) -> None:
        monkeypatch.setenv("HOTLINE_LOCAL_NETWORKS", networks)
        with pytest.raises(settings.BadSettings, match="HOTLINE_LOCAL_NETWORKS"):
            settings.load()

    def test_networks_come_from_the_environment_as_json(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOTLINE_LOCAL_NETWORKS", '["10.1.0.0/16"]')
        assert settings.load().local_networks == ("10.1.0.0/16",)

    def test_the_signalling_port_is_no_port_of_audio(self, home: Path) -> None:
        (home / "hotline.toml").write_text("sip_port = 30100\n")
        with pytest.raises(settings.BadSettings, match=r"sip_port \(30100\) lies between"):
            settings.load()

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("rtp_start = 40000", "rtp_end: is below"),
            ("ami_port = 28088", "asterisk_http_port: port 28088 is ami_port"),
        ],
    )
    def test_a_setting_may_clash_with_a_default(self, home: Path, given: str, said: str) -> None:
        (home / "hotline.toml").write_text(given)
        with pytest.raises(settings.BadSettings) as caught:
            settings.load()
        assert said in caught.value.problems[0].replace("Value error, ", "")

    def test_a_file_that_is_no_utf_8_is_named(self, home: Path) -> None:
        (home / "hotline.toml").write_bytes('city = "演示"'.encode("gb18030"))
        with pytest.raises(settings.BadSettings, match=r"hotline\.toml: is not UTF-8"):
            settings.load()

    def test_a_broken_file_is_named_with_its_line(self, home: Path) -> None:
        (home / "hotline.toml").write_text("sip_port = \n")
        with pytest.raises(settings.BadSettings, match=r"hotline\.toml: .*line 1"):
            settings.load()

    def test_the_database_is_beside_everything_else_unless_an_address_is_given(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert settings.load().sqlalchemy_url == f"sqlite:///{home}/hotline.sqlite"
        monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://db/hotline")
        assert settings.load().sqlalchemy_url == "postgresql+psycopg://db/hotline"


class TestSecrets:
    def test_a_secret_is_drawn_once_and_only_we_may_read_it(self, tmp_path: Path) -> None:
        secret = SecretsFile(tmp_path).get("ami")
        assert SecretsFile(tmp_path).get("ami") == secret
        assert len(secret) == 40
        assert stat.S_IMODE((tmp_path / "secrets.toml").stat().st_mode) == 0o600

    def test_two_installations_have_different_secrets(self, tmp_path: Path) -> None:
        assert SecretsFile(tmp_path / "a").get("ami") != SecretsFile(tmp_path / "b").get("ami")

    def test_many_asking_at_once_agree(self, tmp_path: Path) -> None:
        seen: set[str] = set()
        asking = [threading.Thread(target=lambda: seen.add(SecretsFile(tmp_path).get("ami"))) for _ in range(16)]
        for one in asking:
            one.start()
        for one in asking:
            one.join()
        assert len(seen) == 1

    def test_given_ones_are_kept_and_forgotten(self, tmp_path: Path) -> None:
        secrets = SecretsFile(tmp_path)
        secrets.put("sip.8001", 'with "quotes" and 汉字')
        assert SecretsFile(tmp_path).get("sip.8001") == 'with "quotes" and 汉字'
        secrets.drop("sip.8001")
        secrets.drop("sip.8001")
        assert secrets.names() == []

    @pytest.mark.parametrize("name", ["", "../x", "A", "a b"])
    def test_odd_names_are_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ValueError, match="not a name"):
            SecretsFile(tmp_path).get(name)


class TestProcessIdentity:
    def test_a_process_is_itself_until_it_ends(self, tmp_path: Path) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        known = pid_file.identify(child.pid)
        assert known is not None
        pid_file.write(tmp_path / "x.pid", known)
        assert pid_file.read(tmp_path / "x.pid") == known
        child.communicate(b"\n")
        assert not known.alive
        assert pid_file.read(tmp_path / "x.pid") is None

    def test_the_same_number_with_another_start_is_another_process(self) -> None:
        me = pid_file.identify(os.getpid())
        assert me is not None
        assert not pid_file.ProcessId(me.pid, me.start_ticks + 1).alive

    @pytest.mark.parametrize("text", ["", "12", "{}", '{"pid": "x", "start_ticks": 1}', "[]"])
    def test_a_spoiled_pid_file_names_nobody(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "x.pid").write_text(text)
        assert pid_file.read(tmp_path / "x.pid") is None


class TestPorts:
    def test_a_taken_port_and_its_owner_are_seen(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = ports.Port("desk_port", "127.0.0.1", taken.getsockname()[1], "tcp", "desk")
            assert not port.free()
            assert port.owner().startswith(f"pid {os.getpid()} (")
        assert port.free()

    def test_every_port_setting_is_watched(self, home: Path) -> None:
        watched = {port.setting for port in ports.needed(settings.load())}
        named = {name for name in settings.Settings.model_fields if name.endswith("_port")}
        assert watched == named


class TestCommandLine:
    def test_help_answers_at_once_because_nothing_heavy_is_imported(self) -> None:
        heavy = {"sqlalchemy", "fastapi", "twisted", "panoramisk", "numpy", "alembic", "pydantic", "vosk", "asyncio"}
        code = "import sys, hotline.cli.main; print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        assert heavy & set(loaded) == set()
