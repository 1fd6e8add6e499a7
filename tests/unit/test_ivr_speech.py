"""Numbers, codes, dates and times, spoken from single words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr import speech_rules as say

pytestmark = pytest.mark.unit


def spoken(words: tuple[str, ...]) -> str:
    return "".join(say.WORDS[word] for word in words)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "零"), (7, "七"), (10, "十"), (12, "十二"), (20, "二十"), (100, "一百"), (101, "一百零一"),
        (110, "一百一十"), (205, "二百零五"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"),
        (1234, "一千二百三十四"), (10000, "一万"), (10010, "一万零一十"), (20506, "二万零五百零六"), (100000, "十万"),
        (120000, "十二万"), (205000, "二十万五千"), (1000500, "一百万零五百"), (100000000, "一亿"),
        (100005000, "一亿零五千"), (110000001, "一亿一千万零一"), (1000000010, "十亿零一十"),
    ],
)  # fmt: skip
def test_numbers(value: int, expected: str) -> None:
    assert spoken(say.number(value)) == expected


def understood(text: str) -> int:
    """Reads a Chinese number back; an independent way from characters to value."""
    total = group = digit = 0
    for sign in text:
        if sign in "亿万":
            total = (total + group + digit) * (10**8 if sign == "亿" else 10**4)
            group = digit = 0
        elif sign in "千百十":
            group += (digit or 1) * {"千": 1000, "百": 100, "十": 10}[sign]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(sign)
    return total + group + digit


def understood_above_a_hundred_million(text: str) -> int:
    upper, sign, lower = text.partition("亿")
    return understood(upper) * 10**8 + understood(lower) if sign else understood(text)


@settings(deadline=None)
@given(st.integers(0, say.LARGEST))
def test_every_number_is_understood(value: int) -> None:
    text = spoken(say.number(value))
    assert understood_above_a_hundred_million(text) == value
    assert "零零" not in text
    assert value == 0 or not text.endswith("零")


@pytest.mark.parametrize("value", [-1, say.LARGEST + 1])
def test_what_cannot_be_spoken(value: int) -> None:
    with pytest.raises(ValueError, match="cannot be spoken"):
        say.number(value)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (say.code("20261121-000123"), "二零二六（停顿）幺幺二幺杠零零零幺（停顿）二三"),
        (say.code("138 0013 8000"), "幺三八零（停顿）零幺三八（停顿）零零零"),
        (say.ordinal(3), "第三"),
        (say.persons(2), "两位"),
        (say.persons(12), "十二位"),
        (say.date(dt.date(2026, 10, 1)), "十月一日"),
        (say.date(dt.date(2026, 12, 21), with_year=True), "二零二六年十二月二十一日"),
        (say.weekday(dt.date(2026, 11, 21)), "星期六"),
        (say.weekday(dt.date(2026, 11, 22)), "星期日"),
        (say.time(dt.time(8, 30)), "上午八点半"),
        (say.time(dt.time(14, 5)), "下午两点零五分"),
        (say.time(dt.time(0, 0)), "凌晨零点"),
        (say.time(dt.time(12, 15)), "中午十二点十五分"),
        (say.time(dt.time(23, 59)), "晚上十一点五十九分"),
        (say.duration(0), "零分钟"),
        (say.duration(2), "两分钟"),
        (say.duration(120), "两小时"),
        (say.duration(135), "两小时十五分钟"),
    ],
)
def test_phrases(words: tuple[str, ...], expected: str) -> None:
    assert spoken(words) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-21T23:00", "今天晚上十一点"),
        ("2026-11-22T08:30", "明天上午八点半"),
        ("2026-11-23T08:30", "星期一上午八点半"),
        ("2026-11-28T08:30", "十一月二十八日上午八点半"),
    ],
)
def test_when(moment: str, expected: str) -> None:
    assert spoken(say.when(dt.datetime.fromisoformat(moment), dt.datetime(2026, 11, 21, 22))) == expected


@settings(deadline=None)
@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1)), st.timedeltas(dt.timedelta(0), dt.timedelta(90)))
def test_every_moment_has_words(now: dt.datetime, ahead: dt.timedelta) -> None:
    assert set(say.when(now + ahead, now)) <= set(say.WORDS)
