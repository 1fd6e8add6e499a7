"""The recogniser's door without an engine behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from recordings import RecogniserFailed, VoskRecogniser
from recordings.recogniser import join_words, model_name
from recordings.vosk_recogniser import is_model

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["你好", "我", "要", "投诉"], "你好我要投诉"),
        (["안녕", "하세요"], "안녕 하세요"),
        (["two", "words"], "two words"),
        (["我", "有", "wifi", "问题"], "我有 wifi 问题"),
        ([], ""),
    ],
)
def test_words_become_a_sentence(words: list[str], sentence: str) -> None:
    assert join_words(words) == sentence


def test_a_folder_that_is_no_model_is_refused_before_the_engine_is_loaded(tmp_path: Path) -> None:
    assert not is_model(tmp_path)
    with pytest.raises(RecogniserFailed):
        VoskRecogniser(tmp_path)
    with pytest.raises(RecogniserFailed):
        VoskRecogniser(tmp_path / "absent")


def test_a_models_name_is_its_folders(tmp_path: Path) -> None:
    assert model_name(tmp_path / "vosk-model-small-cn-0.22") == "vosk-model-small-cn-0.22"
    assert model_name(tmp_path / "some_package" / "model") == "some_package"
