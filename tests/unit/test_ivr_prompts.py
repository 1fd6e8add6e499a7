"""Announcements: measured loudness, resampling, what is stale, the shipped files themselves."""

from __future__ import annotations

import json
import shutil
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from hotline import resources
from hotline.cli.main import app
from ivr import prompts, sound
from ivr.kokoro_voice import KokoroVoice, NoVoice
from ivr.prompt_book import RATES, RECORDED, PromptBook, open_book
from ivr.speech_rules import PAUSE, WORDS

pytestmark = pytest.mark.unit

DEMO = resources.cities() / "demo" / "prompts"


def sine(hertz: float, seconds: float, rate: int, level: float = 1.0) -> sound.Samples:
    return np.asarray(level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate))


class Humming:
    """A voice whose every text is a second of tone between two silences."""

    def __init__(self) -> None:
        self.spoken: list[str] = []

    def speak(self, text: str, speed: float) -> Any:
        self.spoken.append(text)
        silence = np.zeros(12000)
        return np.concatenate([silence, sine(400, 1.0, 24000, 0.2), silence]).astype(np.float32)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two texts and all words, rendered once."""
    folder = tmp_path_factory.mktemp("prompts")
    words = "\n".join(f'{word.removeprefix("word/")} = {{ text = "{text}" }}' for word, text in WORDS.items())
    (folder / "prompts.toml").write_text(
        f'voice = "hum"\n[prompt.hello]\ntext = "您好。"\n[prompt.menu]\ntext = "请按1。"\n[word]\n{words}\n', "utf-8"
    )
    book = reread(folder)
    assert len(built(book).spoken) == len(book.texts) - 1  # the pause is not spoken
    return folder


@pytest.fixture
def book(rendered: Path, tmp_path: Path) -> PromptBook:
    """A copy of them to change."""
    return reread(shutil.copytree(rendered, tmp_path / "prompts"))


def reread(folder: Path) -> PromptBook:
    found, problems = open_book(folder)
    assert problems == []
    return found


def built(book: PromptBook) -> Humming:
    voice = Humming()
    prompts.build(book, prompts.due(book), voice, 24000, "test", lambda _text, _seconds: None)
    return voice


# ── sound ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 48000])
def test_the_standards_reference_tone(rate: int) -> None:
    """BS.1770: a 997 Hz sine at full scale in one channel is -3.01 LKFS."""
    assert sound.loudness(sine(997, 5, rate), rate) == pytest.approx(-3.01, abs=0.05)
    assert sound.loudness(sine(997, 5, rate, 0.1), rate) == pytest.approx(-23.01, abs=0.05)


def test_silence_between_words_does_not_count() -> None:
    tone = sine(997, 3, 8000, 0.1)
    gaps = np.concatenate([tone, np.zeros(8000 * 10), tone])
    assert sound.loudness(gaps, 8000) == pytest.approx(sound.loudness(tone, 8000), abs=0.3)


def test_silence_is_minus_infinity() -> None:
    assert sound.loudness(np.zeros(8000), 8000) == float("-inf")
    assert not np.any(sound.normalise(np.zeros(8000), 8000))


@pytest.mark.parametrize("wanted", [8000, 16000, 48000])
def test_resampling_keeps_the_tone(wanted: int) -> None:
    made = sound.resample(sine(997, 2, 24000), 24000, wanted)
    middle = slice(wanted // 4, wanted + wanted // 4)
    assert len(made) == 2 * wanted
    assert np.abs(made[middle] - sine(997, 2, wanted)[middle]).max() < 1e-6


def test_resampling_leaves_no_alias() -> None:
    assert np.abs(sound.resample(sine(5000, 2, 24000), 24000, 8000)[2000:-2000]).max() < 1e-6


@pytest.mark.parametrize("rate", [11025, 44100])
def test_odd_rates_are_resampled_too(rate: int) -> None:
    made = sound.resample(sine(440, 1, rate), rate, 8000)
    assert len(made) == 8000
    assert np.abs(made[2000:6000] - sine(440, 1, 8000)[2000:6000]).max() < 1e-3


@pytest.mark.parametrize("seconds", [0.15, 0.5, 4.0])
def test_normalising_reaches_the_loudness_without_clipping(seconds: float) -> None:
    rng = np.random.default_rng(1)
    bursts = rng.normal(size=int(seconds * 8000)) * np.repeat(rng.uniform(0.01, 1, 100), 320)[: int(seconds * 8000)]
    made = sound.normalise(bursts * 0.1, 8000)
    assert sound.loudness(made, 8000) == pytest.approx(-16, abs=0.2)
    assert np.abs(made).max() <= sound.PEAK + 1e-9


def test_peaks_are_turned_down_not_cut_off() -> None:
    quiet = np.random.default_rng(2).normal(size=16000) * 0.02
    quiet[::800] = 1.0  # ten clicks a second, 30 dB above the rest
    made = sound.normalise(quiet, 8000)
    assert np.abs(made).max() <= sound.PEAK + 1e-9
    assert sound.loudness(made, 8000) == pytest.approx(-16, abs=0.5)
    assert np.count_nonzero(np.abs(made) > sound.PEAK - 1e-6) < 100  # no flat tops between the clicks


def test_trimming_keeps_the_sound_and_little_else() -> None:
    rate = 24000
    made = sound.trim(np.concatenate([np.zeros(rate), sine(300, 0.5, rate, 0.5), np.zeros(rate)]), rate)
    assert 0.5 <= len(made) / rate < 0.6
    assert abs(made[0]) < 1e-9
    assert abs(made[-1]) < 1e-3


# ── the book ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_building_once_then_only_what_changed(book: PromptBook) -> None:
    assert prompts.check(book) == []
    assert built(book).spoken == []
    table = book.table.read_text("utf-8")
    book.table.write_text(table.replace("请按1。", "请按2。"), "utf-8")
    book.file("hello").unlink()
    book.file("word/3", ".wav16").write_bytes(b"RIFF no more")
    again = reread(book.folder)
    assert {one.prompt: one.words for one in prompts.check(again)} == {
        "hello": "has no WAV",
        "menu": "its WAV was made from another text or voice",
        "word/3": "its WAV cannot be played",
    }
    assert built(again).spoken == ["您好。", "请按2。", "三"]
    assert prompts.check(reread(book.folder)) == []


def test_another_voice_makes_everything_stale(book: PromptBook) -> None:
    book.table.write_text(book.table.read_text("utf-8").replace('"hum"', '"sing"'), "utf-8")
    assert len(prompts.due(reread(book.folder))) == len(book.texts)


def test_what_is_written(book: PromptBook) -> None:
    for ending, rate in RATES.items():
        with wave.open(str(book.file("hello", ending))) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
            assert file.getnframes() / rate == pytest.approx(1.05, abs=0.05)
    entry = json.loads((book.folder / "manifest.json").read_text("utf-8"))["prompts"]["hello"]
    assert (entry["text"], entry["voice"], entry["engine"]) == ("您好。", "hum", "test")
    assert entry["lufs"] == {".wav": -16.0, ".wav16": -16.0}
    assert book.seconds(PAUSE) == pytest.approx(0.3)


def test_a_persons_recording_stays(book: PromptBook, tmp_path: Path) -> None:
    sound.write_wav(tmp_path / "own.wav", sine(300, 2, 44100, 0.01), 44100)
    assert prompts.import_recording(book, book.texts["hello"], tmp_path / "own.wav") == pytest.approx(2, abs=0.1)
    again = reread(book.folder)
    assert again.manifest["hello"]["voice"] == RECORDED
    assert prompts.check(again) == []
    assert "hello" not in {text.id for text in prompts.due(again, everything=True)}


def test_faults_a_listener_would_notice(book: PromptBook) -> None:
    sound.write_wav(book.file("hello"), sine(400, 1, 8000, 0.01), 8000)
    sound.write_wav(book.file("stray"), sine(400, 1, 8000, 0.1), 8000)
    found = {one.prompt: one.words for one in prompts.check(book)}
    assert found.keys() == {"hello", "stray.wav"}
    assert "LUFS instead of -16" in found["hello"]


def test_a_broken_manifest_makes_everything_stale(book: PromptBook) -> None:
    for content in ("{", "[]", '{"prompts": 3}', '{"prompts": {"hello": 3}}'):
        (book.folder / "manifest.json").write_text(content, "utf-8")
        assert len(prompts.due(reread(book.folder))) == len(book.texts)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "voice: needs the name"),
        ('voice = "a"\nspeed = 9', "speed: needs a number"),
        ('voice = "a"\n[prompt.x]\ntext = ""', 'x: needs text = "…"'),
        ('voice = "a"\n[prompt]\nx = 3', 'x: needs text = "…"'),
        ('voice = "a"\n[prompt.x]\ntext = "b"\ntxt = "c"', "x: unknown key txt"),
        ('voice = "a"\n[word]\n3 = { text = "三" }', "word/4: no text; the spoken numbers need it"),
        ('voice = "a"\n[prompt."../../x"]\ntext = "b"', "../../x: an id is small letters"),
        ('voice = "a"\n[prompt."名"]\ntext = "b"', "名: an id is small letters"),
        ('voice = "a"\nspede = 2', "spede: no such key"),
        ("voice = ", "Invalid value"),
        ('voice = "a"\nprompt = 3\nword = 4', "word/0: no text"),
    ],
)
def test_mistakes_in_the_table(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "prompts.toml").write_text(content, "utf-8")
    _, problems = open_book(tmp_path)
    assert any(words in message for _, message in problems)


# ── what is shipped ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_announcements_are_complete_fresh_and_even() -> None:
    assert prompts.check(reread(DEMO)) == []


def test_the_shipped_manifest_matches_the_files() -> None:
    shipped = reread(DEMO)
    assert list(shipped.manifest) == list(shipped.texts)
    for name, entry in shipped.manifest.items():
        assert shipped.seconds(name) == pytest.approx(entry["seconds"], abs=0.02)
        assert entry["text"] == shipped.texts[name].text


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["prompts", *arguments])
    return result.exit_code, result.output


def test_the_check_command(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "prompts")
    status, output = run("check", "--city-dir", str(tmp_path))
    assert (status, "0 findings" in output) == (0, True)
    (tmp_path / "prompts/zh/menu.wav").unlink()
    status, output = run("check", "--city-dir", str(tmp_path), "--json")
    assert status == 1
    assert [one["prompt"] for one in json.loads(output)["findings"]] == ["menu"]
    status, output = run("build", "--city-dir", str(tmp_path), "--voices", str(tmp_path))
    assert status == 1
    assert "vocab.json" in output or "not installed" in output


def test_nothing_to_build_needs_no_engine(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "prompts")
    assert run("build", "--city-dir", str(tmp_path))[0] == 0


def test_the_import_command(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "prompts")
    sound.write_wav(tmp_path / "own.wav", sine(300, 1, 16000, 0.3), 16000)
    assert run("import", "greeting", str(tmp_path / "own.wav"), "--city-dir", str(tmp_path))[0] == 0
    assert run("check", "--city-dir", str(tmp_path))[0] == 0
    assert run("import", "nothing", str(tmp_path / "own.wav"), "--city-dir", str(tmp_path))[0] == 1
    assert run("import", "greeting", str(tmp_path / "prompts/prompts.toml"), "--city-dir", str(tmp_path))[0] == 1


def test_an_absent_voice_says_which_there_are(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "vocab.json").write_text('{"vocab": {}}', "utf-8")
    (tmp_path / "voices" / "other.pt").write_bytes(b"")
    with pytest.raises(NoVoice, match=r"other|not installed"):
        KokoroVoice(tmp_path, "nobody")
