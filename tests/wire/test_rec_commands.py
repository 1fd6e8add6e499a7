"""``hotline verify`` and ``hotline recordings`` as an office uses them."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner, Result

from hotline import database, migrations, recording_room
from hotline.cli.main import app
from hotline.settings import Settings, load
from recordings import StoreConfig, StoreUnavailable, seal_everything
from recordings.tables import LedgerEntry
from tests.kit.recordings import contact, now, silence, store_call, tone

pytestmark = pytest.mark.wire


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "var"))
    (tmp_path / "var").mkdir()
    made = load()
    migrations.upgrade(database.build_engine(made.sqlalchemy_url))
    return made


@pytest.fixture
def db(settings: Settings) -> sessionmaker[Session]:
    return database.sessions(database.build_engine(settings.sqlalchemy_url))


@pytest.fixture
def config(settings: Settings) -> StoreConfig:
    settings.recording_spool.mkdir(parents=True)
    return recording_room.store_config(settings)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


BY = ("--by", "u1", "--reason", "dispute 7")


def test_from_the_store_to_a_proof_on_another_machine(
    settings: Settings, db: sessionmaker[Session], config: StoreConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = store_call(db, config, tone(400, 3), tone(900, 3))
    target = tmp_path / "out.zip"
    assert run("verify", recording).stdout.strip() == f"{recording}: sound"
    assert "cannot be masked" in run("recordings", "export", recording, target, *BY).stderr
    assert run("recordings", "export", recording, target, *BY, "--no-mask", "--format", "doc").exit_code == 2
    assert run("recordings", "export", recording, target, *BY, "--no-mask", "--end", "2").exit_code == 0
    key = run("recordings", "key").stdout.strip()

    monkeypatch.setenv("HOTLINE_HOME", "/nonexistent")  # another machine: no home, no database, no keys
    monkeypatch.setenv("HOTLINE_DESK_PORT", "not a number")
    alone = run("verify", target)
    assert alone.exit_code == 0
    assert "UNCHANGED" in alone.stdout
    assert key in alone.stdout
    assert "dispute 7" in alone.stdout
    trusted = json.loads(run("verify", target, "--key", key.upper(), "--json").stdout)
    assert (trusted["ok"], trusted["cut"], trusted["untouched_original"]) == (True, {"from": 0.0, "to": 2.0}, False)
    assert run("verify", target, "--key", "00" * 32).exit_code == 1
    target.write_bytes(target.read_bytes()[:-200])
    broken = run("verify", target)
    assert broken.exit_code == 1
    assert "BROKEN" in broken.stderr


def test_all_of_it(settings: Settings, db: sessionmaker[Session], config: StoreConfig) -> None:
    assert "No recordings." in run("verify", "--all").stdout
    recording = store_call(db, config, tone(400, 1), tone(900, 1))
    with db.begin() as session:
        signer = recording_room.keys(settings).signer()
        seal_everything(session, signer, now(), ZoneInfo("Asia/Shanghai"))
    good = json.loads(run("verify", "--all", "--json").stdout)
    assert (good["ok"], good["recordings"], good["chain"]) == (True, {"sound": 1}, None)
    assert run("verify", "--all", "--known", good["newest_seal"]).exit_code == 0
    assert run("verify", "--all", "--known", "9:" + "0" * 64).exit_code == 1
    assert run("verify", "--all", "--known", "x").exit_code == 2
    with db.begin() as session:
        session.execute(update(LedgerEntry).values(person="somebody"))
    (path,) = Path(settings.recording_store).rglob("*.webm")
    path.unlink()
    bad = run("verify", "--all")
    assert bad.exit_code == 1
    assert recording in bad.stderr
    assert "seal 1" in bad.stderr
    assert run("verify").exit_code == 2
    assert run("verify", recording, "--all").exit_code == 2
    assert run("verify", recording).exit_code == 1


def test_holds_deletion_and_alarms(settings: Settings, db: sessionmaker[Session], config: StoreConfig) -> None:
    one = contact()
    recording = store_call(db, config, silence(9), tone(900, 9), one)
    (alarm,) = json.loads(run("recordings", "alarms", "--json").stdout)
    assert (alarm["kind"], alarm["recording_id"]) == ("one_sided_citizen_missing", recording)
    assert "one_sided" in run("recordings", "alarms").stdout
    hold = json.loads(run("recordings", "hold", one, *BY, "--json").stdout)["hold_id"]
    assert "under hold" in run("recordings", "delete", recording, *BY).stderr
    assert json.loads(run("recordings", "release", hold, *BY, "--json").stdout) == {"released": hold}
    assert run("recordings", "release", hold, *BY).exit_code == 1
    assert json.loads(run("recordings", "delete", recording, *BY, "--json").stdout) == {"deleted": recording}
    assert run("recordings", "hold", one, *BY).exit_code == 1
    assert run("verify", recording).stdout.strip() == f"{recording}: deleted"


def test_a_fresh_key_for_everything(settings: Settings, db: sessionmaker[Session], config: StoreConfig) -> None:
    recordings = [store_call(db, config, tone(400, 1), tone(900, 1)) for _ in range(2)]
    ring = recording_room.keys(settings)
    first = ring.active
    raw = {path: path.read_bytes()[80:] for path in Path(settings.recording_store).rglob("*.flac")}
    assert "6 files" in run("recordings", "rekey").stdout
    assert ring.key_ids() == [ring.active]
    assert ring.active != first
    public = ring.signer().public.hex()
    assert json.loads(run("recordings", "key", "--json").stdout) == {"public_key": public}
    assert run("recordings", "key").stdout.strip() == public
    assert {path: path.read_bytes()[80:] for path in raw} == raw  # the audio itself was not written anew
    assert [run("verify", one).exit_code for one in recordings] == [0, 0]


def test_a_key_is_kept_while_something_is_being_stored(
    settings: Settings, db: sessionmaker[Session], config: StoreConfig
) -> None:
    store_call(db, config, tone(400, 1), tone(900, 1))
    ring = recording_room.keys(settings)
    first = ring.active

    from recordings import enqueue, process_next
    from tests.kit.recordings import lay_call, wav_bytes

    lay_call(config, (one := contact()), wav_bytes(tone(400, 1)), None)
    with db.begin() as session:
        second = enqueue(session, one, "call", now())

    def rotate(step: str) -> None:
        if step == "stored":
            assert run("recordings", "rekey").exit_code == 0

    assert process_next(db, config, now, rotate)
    assert first in ring.key_ids()
    assert run("verify", second).exit_code == 0
    assert run("recordings", "rekey").exit_code == 0
    assert first not in ring.key_ids()
    assert run("verify", second).exit_code == 0


def test_settings_choose_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    plain = recording_room.store(load(recording_encryption=False, recording_location=str(tmp_path / "elsewhere")))
    assert type(plain).__name__ == "LocalStore"
    s3 = recording_room.store(load(recording_location="s3://b/p", recording_s3_endpoint="http://127.0.0.1:1"))
    assert type(s3).__name__ == "EncryptedStore"
    with pytest.raises(StoreUnavailable):
        s3.size("2026/11/21/00000000-0000-4000-8000-000000000000-1.ogg")
    assert recording_room.recogniser(load()) is None
    assert recording_room.recogniser(load(transcriber="whisper")) is None
    assert recording_room.model_name(load(vosk_model=tmp_path / "m")) == "m"


def test_rules_of_retention_come_from_the_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    settings = load(city_dir=tmp_path)
    assert recording_room.retention(settings) == []
    (tmp_path / "retention.toml").write_text("[[keep]]\ndays = 30\n")
    assert recording_room.care(settings).rules[0].days == 30
    (tmp_path / "retention.toml").write_text("[[keep]]\ndays = 0\n[[keep]]\nx = 1\n")
    with pytest.raises(recording_room.BadRetention) as caught:
        recording_room.retention(settings)
    assert len(str(caught.value).splitlines()) == 2
    (tmp_path / "hotwords.txt").write_text("人民东路\n")
    names = recording_room.hotwords(settings)
    assert names is not None
    assert names.correct("仁民冬路") == "人民东路"
