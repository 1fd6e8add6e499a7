"""vosk behind the Recogniser door; the only module that imports it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recordings.recogniser import (
    Capabilities,
    Listener,
    ModelMissing,
    RecogniserFailed,
    Utterance,
    Word,
    join_words,
    model_name,
)
from recordings.wav import Samples

PIECE_SECONDS = 0.5


class VoskRecogniser:
    """A vosk model on disk.  One model serves all threads; vosk releases the interpreter while it computes."""

    engine = "vosk"

    def __init__(self, model_folder: Path) -> None:
        """Loads the model (seconds, and hundreds of megabytes).  Raises ModelMissing, RecogniserFailed."""
        if not is_model(model_folder):
            raise ModelMissing(str(model_folder))
        try:
            import vosk  # heavy: loads a shared library
        except (ImportError, OSError) as error:
            raise RecogniserFailed("vosk cannot be loaded") from error
        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self.model = model_name(model_folder)
        self.capabilities = Capabilities(
            streaming=True, partials=True, word_times=True, grammar=True, language=_language(self.model)
        )
        with _translated("vosk could not read the model"):
            self._model: Any = vosk.Model(str(model_folder))

    def knows(self, word: str) -> bool:
        """Whether the model has the word; others are dropped from a grammar without an error."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def transcribe(self, samples: Samples, rate: int) -> Iterator[Utterance]:
        """See Recogniser.transcribe; telephone audio goes in at its own 8 kHz."""
        listener = self.listen(rate)
        piece = int(rate * PIECE_SECONDS)
        for at in range(0, len(samples), piece):
            yield from listener.hear(samples[at : at + piece].tobytes())
        yield from listener.finish()

    def listen(self, rate: int) -> Listener:
        """See LiveRecogniser.listen."""
        with _translated("vosk could not start"):
            recogniser = self._vosk.KaldiRecognizer(self._model, float(rate))
            recogniser.SetWords(True)
        return _VoskListener(recogniser)


class _VoskListener:
    """See recordings.recogniser.Listener."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser

    def hear(self, pcm: bytes) -> Iterator[Utterance]:
        with _translated("vosk gave up on this audio"):
            ended = self._recogniser.AcceptWaveform(pcm)
        if ended:
            yield from _utterance(self._recogniser.Result())

    def so_far(self) -> str:
        with _translated("vosk gave up on this audio"):
            said = json.loads(self._recogniser.PartialResult())
        return join_words(str(said.get("partial", "")).split())

    def finish(self) -> Iterator[Utterance]:
        with _translated("vosk gave up on this audio"):
            last = self._recogniser.FinalResult()
        yield from _utterance(last)


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """vosk raises bare ``Exception`` and nothing else; it becomes ours here, and only here."""
    try:
        yield
    except Exception as error:
        raise RecogniserFailed(what) from error


def is_model(folder: Path) -> bool:
    """Whether ``folder`` looks like a vosk model (an unpacked one, either of the two layouts in use)."""
    return (folder / "am" / "final.mdl").is_file() or (folder / "final.mdl").is_file()


def _language(name: str) -> str:
    """The language code in names such as ``vosk-model-small-cn-0.22``."""
    for part in name.replace("_", "-").split("-"):
        if part == "cn":
            return "zh"
        if len(part) == 2 and part.isalpha():
            return part
    return ""


def _utterance(result: str) -> Iterator[Utterance]:
    said = json.loads(result)
    words = tuple(Word(w["word"], float(w["start"]), float(w["end"]), float(w["conf"])) for w in said.get("result", ()))
    if words:
        conf = sum(word.conf for word in words) / len(words)
        yield Utterance(words[0].start, words[-1].end, join_words([w.text for w in words]), round(conf, 3), words)
