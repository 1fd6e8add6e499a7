"""How Mandarin numbers, codes, dates and times are put together from single recorded words.

Pure: every function gives prompt ids (``word/3``).  ``WORDS`` is the list of all words that must be recorded,
with the text to record.  Rules: 《出版物上数字用法》 GB/T 15835 for reading numbers; 幺 for 1 in codes and
两 before 点 as everybody says them on the telephone.
"""

from __future__ import annotations

import datetime as dt

PAUSE = "word/pause"
PAUSE_SECONDS = 0.3

WORDS: dict[str, str] = {
    **{f"word/{digit}": text for digit, text in enumerate("零一二三四五六七八九")},
    "word/10": "十",
    "word/100": "百",
    "word/1000": "千",
    "word/10000": "万",
    "word/100000000": "亿",
    "word/two": "两",
    "word/one-in-codes": "幺",
    "word/dash": "杠",
    "word/ordinal": "第",
    "word/year": "年",
    "word/month": "月",
    "word/day": "日",
    "word/oclock": "点",
    "word/half": "半",
    "word/minute": "分",
    "word/weekday": "星期",
    "word/today": "今天",
    "word/tomorrow": "明天",
    "word/morning": "上午",
    "word/noon": "中午",
    "word/afternoon": "下午",
    "word/evening": "晚上",
    "word/before-dawn": "凌晨",
    "word/persons": "位",
    "word/hours": "小时",
    "word/minutes": "分钟",
    PAUSE: "（停顿）",
}

LARGEST = 10**12 - 1
_UNITS = ((1000, "word/1000"), (100, "word/100"), (10, "word/10"))


def number(value: int) -> tuple[str, ...]:
    """A cardinal number, 0 to :data:`LARGEST`: 10 is 十, 12 is 十二, 205 is 二百零五, 10010 is 一万零一十.

    Raises:
        ValueError: negative or too large.
    """
    if not 0 <= value <= LARGEST:
        raise ValueError(f"cannot be spoken: {value}")
    if value == 0:
        return ("word/0",)
    words: list[str] = []
    rest = value
    for unit, word in ((10**8, "word/100000000"), (10**4, "word/10000"), (1, "")):
        group, rest = divmod(rest, unit)
        if group:
            if words and group < 1000:
                words.append("word/0")
            words += _below_ten_thousand(group, first=not words)
            if word:
                words.append(word)
        elif words and rest and words[-1] != "word/0" and rest >= 1000:
            words.append("word/0")
    return tuple(words)


def _below_ten_thousand(value: int, *, first: bool) -> list[str]:
    """1 to 9999; ``first`` says nothing was spoken before, then 10 to 19 drop their 一."""
    words: list[str] = []
    gap = False
    for unit, word in _UNITS:
        digit, value = divmod(value, unit)
        if digit:
            if gap:
                words.append("word/0")
            if not (digit == 1 and unit == 10 and first and not words):
                words.append(f"word/{digit}")
            words.append(word)
            gap = False
        elif words:
            gap = True
    if value:
        if gap:
            words.append("word/0")
        words.append(f"word/{value}")
    return words


def code(text: str) -> tuple[str, ...]:
    """A ticket number, extension or telephone number, digit by digit; ``-`` is spoken, other signs are not.

    A short pause after every fourth digit, as people read numbers to each other; nobody can write down fourteen.
    """
    words: list[str] = []
    since = 0
    for sign in (one for one in text if one in "0123456789-"):
        if sign == "-":
            words.append("word/dash")
            since = 0
            continue
        if since == 4:
            words.append(PAUSE)
            since = 0
        words.append("word/one-in-codes" if sign == "1" else f"word/{sign}")
        since += 1
    return tuple(words)


def ordinal(value: int) -> tuple[str, ...]:
    """第三."""
    return ("word/ordinal", *number(value))


def persons(value: int) -> tuple[str, ...]:
    """A number of people, as in 前面还有两位: 2 alone is 两."""
    return (*(("word/two",) if value == 2 else number(value)), "word/persons")


def date(day: dt.date, *, with_year: bool = False) -> tuple[str, ...]:
    """十月一日, or with the year digit by digit before it."""
    year = (*(f"word/{digit}" for digit in f"{day.year:04d}"), "word/year") if with_year else ()
    return (*year, *number(day.month), "word/month", *number(day.day), "word/day")


def weekday(day: dt.date) -> tuple[str, ...]:
    """星期一 … 星期日."""
    return ("word/weekday", "word/day" if day.weekday() == 6 else f"word/{day.weekday() + 1}")


def time(moment: dt.time) -> tuple[str, ...]:
    """上午八点半, 下午两点零五分."""
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    words = [_part_of_day(moment.hour), *(("word/two",) if hour == 2 else number(hour)), "word/oclock"]
    if moment.minute == 30:
        words.append("word/half")
    elif moment.minute:
        words += [*(("word/0",) if moment.minute < 10 else ()), *number(moment.minute), "word/minute"]
    return tuple(words)


def _part_of_day(hour: int) -> str:
    """The word Chinese speakers put before the hour of a twelve-hour clock."""
    for until, word in ((5, "before-dawn"), (12, "morning"), (13, "noon"), (18, "afternoon"), (24, "evening")):
        if hour < until:
            return f"word/{word}"
    raise ValueError(f"no such hour: {hour}")


def when(moment: dt.datetime, now: dt.datetime) -> tuple[str, ...]:
    """A moment as people say it: today or tomorrow, else the weekday within six days, else the date; with the time."""
    days = (moment.date() - now.date()).days
    if days in (0, 1):
        day: tuple[str, ...] = ("word/today",) if days == 0 else ("word/tomorrow",)
    elif 1 < days < 7:
        day = weekday(moment.date())
    else:
        day = date(moment.date())
    return (*day, *time(moment.time()))


def duration(minutes: int) -> tuple[str, ...]:
    """Minutes as hours and minutes: 两小时五分钟, 两分钟."""
    hours, rest = divmod(minutes, 60)

    def count(value: int) -> tuple[str, ...]:
        return ("word/two",) if value == 2 else number(value)

    spoken_hours = (*count(hours), "word/hours") if hours else ()
    return (*spoken_hours, *count(rest), "word/minutes") if rest or not hours else spoken_hours
