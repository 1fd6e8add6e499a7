"""The one door to speech recognisers: what every engine gives and what it can do, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from recordings.wav import Samples


class RecogniserFailed(Exception):
    """The engine could not be started, or gave up on this audio."""


class ModelMissing(RecogniserFailed):
    """The configured model folder is not there or is no model."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do; whoever uses it asks here instead of knowing engines."""

    streaming: bool
    partials: bool
    word_times: bool
    grammar: bool
    language: str
    """Language code of the model, or empty when the model does not say."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard; times in seconds from the beginning of the leg, confidence 0…1."""

    text: str
    start: float
    end: float
    conf: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said between two pauses."""

    start: float
    end: float
    text: str
    conf: float | None
    words: tuple[Word, ...] = ()


class Recogniser(Protocol):
    """A speech engine with a model loaded.  May be used by several threads at once."""

    engine: str
    model: str
    """Name of the model, so that a transcript says what made it."""
    capabilities: Capabilities

    def transcribe(self, samples: Samples, rate: int) -> Iterator[Utterance]:
        """The utterances of one leg in order.  Raises RecogniserFailed."""


class Listener(Protocol):
    """One voice that is heard while it speaks.  Used by one thread at a time."""

    def hear(self, pcm: bytes) -> Iterator[Utterance]:
        """Takes 16-bit mono audio; gives the utterances that ended with it.  Raises RecogniserFailed."""

    def so_far(self) -> str:
        """What has been understood of the utterance in progress; empty during a pause."""

    def finish(self) -> Iterator[Utterance]:
        """The utterance in progress, when nothing more comes."""


class LiveRecogniser(Recogniser, Protocol):
    """An engine whose ``capabilities.streaming`` is true."""

    def listen(self, rate: int) -> Listener:
        """Begins to hear one voice.  Raises RecogniserFailed."""


def model_name(folder: Path) -> str:
    """The folder's name; for a folder just called ``model`` its parent's."""
    folder = folder.resolve()
    return folder.parent.name if folder.name == "model" else folder.name


def join_words(words: list[str]) -> str:
    """Words as a sentence: Chinese and Japanese without blanks, everything else with."""
    text = ""
    for word in words:
        if text and not (_unspaced(text[-1]) and _unspaced(word[:1])):
            text += " "
        text += word
    return text


def _unspaced(char: str) -> bool:
    return "\u3000" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or char >= "\uff00"
