"""Names written right: only what sounds the same is ever changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings import Hotwords, read_names
from recordings.recogniser import Utterance, Word

pytestmark = pytest.mark.unit

NAMES = Hotwords(["人民东路", "翠湖公园", "城市管理局", "盘龙", "ABC路"])


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("在仁民冬路十八号", "在人民东路十八号"),
        ("翠胡公元的灯坏了", "翠湖公园的灯坏了"),
        ("城市管理局", "城市管理局"),
        ("成事管理局来了人民动路", "城市管理局来了人民东路"),
        ("盼龙", "盼龙"),  # two syllables sound like too much
        ("人民中路", "人民中路"),
        ("仁民，冬路", "仁民，冬路"),
        ("", ""),
        ("hello 仁民冬路 ok", "hello 人民东路 ok"),
    ],
)
def test_names_by_sound(heard: str, written: str) -> None:
    assert NAMES.correct(heard) == written


def test_words_follow_the_text_and_keep_their_times() -> None:
    said = Utterance(0, 2, "在仁民冬路", 0.9, (Word("在", 0, 0.2, 1), Word("仁民", 0.2, 1, 1), Word("冬路", 1, 2, 1)))
    right = NAMES.corrected(said)
    assert right.text == "在人民东路"
    assert [(word.text, word.start) for word in right.words] == [("在", 0), ("人民", 0.2), ("东路", 1)]
    assert NAMES.corrected(right) is right


def test_a_list_of_names_is_a_text_file() -> None:
    assert read_names("# places\n人民东路\n\n 翠湖公园  # the park\n") == ["人民东路", "翠湖公园"]
    assert len(Hotwords(["", "路", "a b", "人民东路"])) == 1


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_keeps_its_length(text: str) -> None:
    assert len(NAMES.correct(text)) == len(text)
