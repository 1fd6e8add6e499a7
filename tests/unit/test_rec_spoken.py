"""Phone and identity numbers in what was said: found over pauses and nods, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.spoken import STAR, find_numbers, mask_numbers

pytestmark = pytest.mark.unit


def said(text: str, start: float = 0.0, leg: str = "citizen", per_char: float = 0.2) -> dict[str, Any]:
    words = [
        [char, round(start + at * per_char, 2), round(start + (at + 1) * per_char, 2), 0.9]
        for at, char in enumerate(text)
    ]
    return {"leg": leg, "start": start, "end": start + len(text) * per_char, "text": text, "words": words}


def masked(*segments: dict[str, Any]) -> list[str]:
    return [segment["text"] for segment in mask_numbers(segments)]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("我的电话是13800138000", "我的电话是" + STAR * 11),
        ("一三八零零一三八零零零", STAR * 11),
        ("电话幺三八零零幺三八零零零谢谢", "电话" + STAR * 11 + "谢谢"),
        ("座机是零八七一六五零幺二三四五", "座机是" + STAR * 12),
        ("138 0013 8000", "＊＊＊ ＊＊＊＊ ＊＊＊＊"),
        ("幺三八嗯零零幺三对八零零零", "＊＊＊嗯＊＊＊＊对＊＊＊＊"),
        ("身份证五三零一零二一九八零零一零一一二三叉", "身份证" + STAR * 18),
        ("53010219800101123X的", STAR * 18 + "的"),
        ("这里是12345热线", "这里是12345热线"),
        ("二零二六年十一月二十一日", "二零二六年十一月二十一日"),
        ("请打110或者120", "请打110或者120"),
        ("一百二十三万四千五百六十七元", "一百二十三万四千五百六十七元"),
        ("三号楼二单元六零一", "三号楼二单元六零一"),
        ("", ""),
    ],
)
def test_what_is_hidden_and_what_stays(text: str, hidden: str) -> None:
    assert masked(said(text)) == [hidden]


def test_a_number_dictated_over_several_utterances_is_one_number() -> None:
    parts = [said("幺三八", 0.0), said("零零幺三", 2.5), said("八零零零", 5.0)]
    assert masked(*parts) == [STAR * 3, STAR * 4, STAR * 4]
    (number,) = find_numbers(parts)
    assert number.digits == 11
    assert number.start == 0.0
    assert number.end == pytest.approx(5.95)


def test_two_short_numbers_far_apart_are_no_number() -> None:
    assert masked(said("幺三八零", 0.0), said("零幺三八", 60.0)) == ["幺三八零", "零幺三八"]


def test_the_agents_reading_back_is_found_on_the_agents_leg() -> None:
    talk = [said("幺三八零零幺三八零零零", 0.0), said("好的幺三八零零幺三八零零零", 4.0, "other"), said("对", 8.0)]
    assert masked(*talk) == [STAR * 11, "好的" + STAR * 11, "对"]
    assert [(number.leg, round(number.start, 2)) for number in find_numbers(talk)] == [
        ("citizen", 0.0),
        ("other", 4.25),
    ]


def test_a_nod_of_the_other_person_does_not_end_a_number() -> None:
    talk = [said("幺三八零", 0.0), said("嗯嗯", 1.0, "other"), said("零幺三八零零零", 2.0)]
    assert masked(*talk) == [STAR * 4, "嗯嗯", STAR * 7]


def test_words_are_masked_with_the_text_and_keep_their_times() -> None:
    whole = {
        "leg": "citizen",
        "start": 1.0,
        "end": 4.0,
        "text": "电话 13800138000",
        "words": [["电话", 1, 2, 1], ["13800138000", 2, 4, 1]],
    }
    (hidden,) = mask_numbers([whole])
    assert hidden["text"] == "电话 " + STAR * 11
    assert hidden["words"] == [["电话", 1, 2, 1], [STAR * 11, 2, 4, 1]]
    (number,) = find_numbers([whole])
    assert (number.start, number.end) == (pytest.approx(1.85), pytest.approx(4.15))


def test_without_word_times_the_utterance_is_divided_evenly() -> None:
    plain = {
        "leg": "citizen",
        "start": 10.0,
        "end": 20.0,
        "text": "我的电话是幺三八零零幺三八零零零谢谢谢谢",
        "words": [],
    }
    (number,) = find_numbers([plain])
    assert number.start == pytest.approx(12.35, abs=0.2)
    assert number.end == pytest.approx(18.15, abs=0.2)
    assert mask_numbers([plain])[0]["text"] == "我的电话是" + STAR * 11 + "谢谢谢谢"


@settings(deadline=None)
@given(texts=st.lists(st.text(max_size=30), max_size=6))
def test_any_text_is_masked_without_changing_its_length(texts: list[str]) -> None:
    segments = [said(text, number * 5.0, ("citizen", "other")[number % 2]) for number, text in enumerate(texts)]
    assert [len(text) for text in masked(*segments)] == [len(text) for text in texts]
    assert all(number.start < number.end for number in find_numbers(segments))
