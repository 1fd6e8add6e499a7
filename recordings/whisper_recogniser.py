"""faster-whisper behind the Recogniser door, for runs after the call; the only module that imports it.

``pip install hotline12345[whisper]``.  It hears in utterances: voice-activity detection first, because the model
invents text on silence, then each stretch by itself, which measured far better than a whole file at once.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from recordings.audio import same_rate
from recordings.recogniser import Capabilities, ModelMissing, RecogniserFailed, Utterance, Word, model_name
from recordings.wav import Samples

RATE = 16_000
LONGEST = 25.0
"""Seconds of one utterance; the model's window is 30."""
PAUSE_MS = 400
PROMPT = "以下是普通话的句子。"
"""Makes the model write simplified characters and punctuation."""
NO_SPEECH = 0.6
"""Utterances that the model itself takes for silence with this probability, and is unsure of, are dropped."""


class WhisperRecogniser:
    """A faster-whisper model on disk, int8 on the processor."""

    engine = "whisper"

    def __init__(self, model_folder: Path, language: str = "zh", threads: int = 1) -> None:
        """Loads the model.  Raises ModelMissing, RecogniserFailed."""
        if not (model_folder / "model.bin").is_file():
            raise ModelMissing(str(model_folder))
        try:
            import faster_whisper
            import faster_whisper.vad
        except ImportError as error:
            raise RecogniserFailed("faster-whisper is not installed") from error
        logging.getLogger("faster_whisper").setLevel(logging.WARNING)  # else a line for every utterance
        self._vad = faster_whisper.vad
        self._simplify = _simplifier() if language == "zh" else None
        self.model = model_name(model_folder)
        self.capabilities = Capabilities(
            streaming=False, partials=False, word_times=True, grammar=False, language=language
        )
        try:
            self._model: Any = faster_whisper.WhisperModel(
                str(model_folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise RecogniserFailed("faster-whisper could not read the model") from error

    def transcribe(self, samples: Samples, rate: int) -> Iterator[Utterance]:
        """See Recogniser.transcribe."""
        audio = same_rate(samples, rate, RATE).astype(np.float32) / 32768
        if not len(audio):
            return
        options = self._vad.VadOptions(
            max_speech_duration_s=LONGEST,
            min_silence_duration_ms=PAUSE_MS,
            speech_pad_ms=200,
            min_speech_duration_ms=100,
        )
        for stretch in self._vad.get_speech_timestamps(audio, options):
            begin = stretch["start"] / RATE
            yield from self._utterances(audio[stretch["start"] : stretch["end"]], begin)

    def _utterances(self, audio: Any, begin: float) -> Iterator[Utterance]:
        try:
            found, _ = self._model.transcribe(
                audio,
                language=self.capabilities.language,
                initial_prompt=PROMPT if self._simplify else None,
                condition_on_previous_text=False,
                word_timestamps=True,
                beam_size=5,
            )
            segments = list(found)
        except RuntimeError as error:
            raise RecogniserFailed("faster-whisper gave up on this audio") from error
        for segment in segments:
            conf = math.exp(min(0.0, segment.avg_logprob))
            if segment.no_speech_prob > NO_SPEECH and conf < 0.4:
                continue
            words = tuple(
                Word(text, begin + word.start, begin + word.end, word.probability)
                for word in segment.words or ()
                if (text := self._tidy(word.word))
            )
            text = self._tidy(segment.text)
            if text:
                yield Utterance(begin + segment.start, begin + segment.end, text, round(conf, 3), words)

    def _tidy(self, text: str) -> str:
        text = text.strip()
        return str(self._simplify.convert(text)) if self._simplify else text


def _simplifier() -> Any:
    """Traditional characters to simplified ones, one for one."""
    try:
        import opencc
    except ImportError as error:
        raise RecogniserFailed("opencc is not installed") from error
    return opencc.OpenCC("t2s")
