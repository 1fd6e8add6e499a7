"""``ivr.toml``: every mistake at once, each with its line; and the prompt budget."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ivr
from hotline import resources
from ivr import lint, toml_lines
from ivr.city_file import City, Problem, load_city, national_calendar

pytestmark = pytest.mark.unit

DEMO = resources.cities() / "demo"
Edit = Callable[[str, str], None]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the demo city to break."""
    for name in ("ivr.toml", "blacklist.txt", "priority.txt"):
        shutil.copy(DEMO / name, tmp_path)
    shutil.copytree(DEMO / "prompts", tmp_path / "prompts")
    return tmp_path


def edited(pack: Path, *changes: tuple[str, str]) -> tuple[list[str], list[str]]:
    """What is said about the file after the changes (``line: message``), and its lines."""
    path = pack / "ivr.toml"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    found = ivr.load_menu(path)
    problems = found if isinstance(found, list) else []
    assert all(problem.file == path for problem in problems)
    return [f"{problem.line}: {problem.message}" for problem in problems], text.split("\n")


def line_of(rows: list[str], start: str, nth: int = 1) -> int:
    return [number for number, row in enumerate(rows, 1) if row.startswith(start)][nth - 1]


def test_the_shipped_city_has_no_problem_and_no_warning() -> None:
    city = load_city(DEMO / "ivr.toml")
    assert isinstance(city, City)
    assert city.warnings == ()
    assert not city.menu.menu.enabled  # the national standard: straight to a person


def test_the_shipped_citys_menu_could_be_switched_on(pack: Path) -> None:
    assert edited(pack, ("enabled = false", "enabled = true"), ("seconds = 15", "seconds = 30"))[0] == []


@pytest.mark.parametrize("content", [None, b"", b"no sound at all", b"RIFF\x24\x00\x00\x00WAVEfmt "])
def test_missing_and_broken_wavs_keep_nobody_from_being_answered(pack: Path, content: bytes | None) -> None:
    for file in [*(pack / "prompts").rglob("*.wav"), *(pack / "prompts").rglob("*.wav16")]:
        file.unlink()
        if content is not None:
            file.write_bytes(content)
    tight = (pack / "ivr.toml").read_text("utf-8").replace("seconds = 15", "seconds = 5")
    (pack / "ivr.toml").write_text(tight, "utf-8")
    city = load_city(pack / "ivr.toml")
    assert isinstance(city, City), city
    assert all(warning.level == "warning" for warning in city.warnings)
    about_budget = [warning for warning in city.warnings if warning.message.startswith("budget: silent caller")]
    assert len(about_budget) == 1 and "their length is guessed" in about_budget[0].message
    assert about_budget[0].line == line_of(tight.split("\n"), "[budget]")


def test_a_budget_that_the_recorded_announcements_exceed_is_refused(pack: Path) -> None:
    said, rows = edited(pack, ("seconds = 15", "seconds = 5"))
    assert any(one.startswith(f"{line_of(rows, '[budget]')}: budget: silent caller") for one in said)


def test_every_mistake_at_once_with_its_line(pack: Path) -> None:
    said, rows = edited(
        pack,
        ('recording_notice = "recording-notice"', 'recordng_notice = "recording-notice"'),
        ('thursday = ["00:00-24:00"]', 'thursday = ["00:00-25:00"]'),
        ("silences = 1", "silences = 4"),
        ("priority_level = 50", 'priority_level = "high"'),
        ('source = "chinesecalendar"', 'source = "lunar"'),
        ('key = "3"', 'key = "33"'),
        ("[budget]", "[budgt]"),
    )
    told = {int(one.split(":")[0]): one for one in said}
    assert [*told] == sorted(told)
    expected = {
        line_of(rows, "recordng_notice"): "greeting.recordng_notice: no such key; did you mean recording_notice?",
        line_of(rows, "[greeting]"): "greeting.recording_notice: is missing",
        line_of(rows, "thursday"): "no such time of day in '00:00-25:00'",
        line_of(rows, "silences"): "limits.silences: input should be less than or equal to 3",
        line_of(rows, "priority_level"): "callers.priority_level: input should be a valid integer",
        line_of(rows, "source"): "holidays.source: input should be 'chinesecalendar' or 'none'",
        line_of(rows, 'key = "33"'): "menu.options.3.key",
        line_of(rows, "[budgt]"): "budgt: no such key; did you mean budget?",
    }
    assert {*told} == {*expected}
    for line, words in expected.items():
        assert words in told[line]


def test_what_contradicts_itself(pack: Path) -> None:
    said, rows = edited(
        pack,
        ('prompt = "greeting"', 'prompt = "greting"'),
        ('key = "9"', 'key = "0"'),
        ("enabled = false", "enabled = true"),
        ('key = "3"', 'key = "2"'),
        ('blocked_prompt = "blocked"', ""),
        ('label = "其他投诉"\nlabel_en = "Other complaints"\nqueue = "citizens"', 'label = "其他投诉"'),
    )
    text = "\n".join(said)
    assert f"{line_of(rows, 'prompt = ' + chr(34) + 'greting')}: greeting.prompt: no prompt 'greting'" in text
    assert "did you mean greeting?" in text
    assert "emergency.key: is the same key as menu.person_key" in text
    assert f"{line_of(rows, 'key = ' + chr(34) + '2', 3)}: menu.options: key 2 stands twice" in text
    assert "callers.blocked_prompt: is needed with a blacklist" in text
    assert f"{line_of(rows, '[[menu.options.options]]', 2)}: menu.options: key 2 needs either a queue" in text
    assert "never says 按3" not in text
    assert "says 按3, but no option has that key" in text
    assert "silent caller" in text  # the budget


def test_a_key_the_voice_never_names(pack: Path) -> None:
    said, rows = edited(
        pack, ("enabled = false", "enabled = true"), ('key = "3"', 'key = "5"'), ("seconds = 15", "seconds = 30")
    )
    line = line_of(rows, 'prompt = "menu"')
    assert said == [
        f"{line}: menu: the prompt 'menu' never says 按5",
        f"{line}: menu: the prompt 'menu' says 按3, but no option has that key",
    ]


def test_every_syntax_error_at_once(pack: Path) -> None:
    said, rows = edited(
        pack,
        ('language = "zh"', 'language = "zh'),
        ("silences = 1", "silences 1"),
        ("enabled = false", "enabled = nope"),
        ("priority = 100", "priority = 100\npriority = 100"),
    )
    lines = {int(one.split(":")[0]) for one in said}
    assert {line_of(rows, 'language = "zh'), line_of(rows, "silences 1"), line_of(rows, "enabled = nope"),
            line_of(rows, "priority = 100", 2)} <= lines  # fmt: skip


def test_two_special_days_on_one_date(pack: Path) -> None:
    day = '\n[[holidays.days]]\ndate = 2026-12-31\nkind = "holiday"\n'
    said, rows = edited(pack, ("[closed]", f"{day}{day}\n[closed]"))
    assert said == [f"{line_of(rows, '[[holidays.days]]', 2)}: holidays.days: 2026-12-31 stands there 2 times"]


def test_a_table_that_is_none(pack: Path) -> None:
    (pack / "ivr.toml").write_text("greeting = 3\nmenu = []\n", "utf-8")
    found = ivr.load_menu(pack / "ivr.toml")
    assert isinstance(found, list)
    assert {(one.line, one.message.split(":")[0]) for one in found} >= {(1, "greeting"), (2, "menu"), (1, "closed")}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"=", b"[", b"\x00", b"a.b.c = [[[", "城 = 1".encode(), b'"""'])
def test_nonsense_is_a_list_of_problems(pack: Path, content: bytes) -> None:
    (pack / "ivr.toml").write_bytes(content)
    found = ivr.load_menu(pack / "ivr.toml")
    assert isinstance(found, list)
    assert found
    assert str(found[0]).startswith(f"{pack / 'ivr.toml'}:")


def test_an_absent_file() -> None:
    found = ivr.load_menu(Path("nowhere") / "ivr.toml")
    assert isinstance(found, list)
    assert "cannot be read" in found[0].message


def test_a_byte_order_mark_is_no_mistake(pack: Path) -> None:
    path = pack / "ivr.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert isinstance(ivr.load_menu(path), ivr.Menu)


def test_lines_of_the_caller_lists(pack: Path) -> None:
    (pack / "blacklist.txt").write_text("13800138000\n0871*  # a whole town\nMr Li\n", "utf-8")
    found = load_city(pack / "ivr.toml")
    assert isinstance(found, list)
    assert [(one.file.name, one.line) for one in found] == [("blacklist.txt", 3)]


def test_an_absent_caller_list(pack: Path) -> None:
    (pack / "priority.txt").unlink()
    found = load_city(pack / "ivr.toml")
    assert isinstance(found, list)
    assert "priority.txt cannot be read" in found[0].message


def test_mistakes_in_the_texts_are_told_too(pack: Path) -> None:
    table = pack / "prompts" / "prompts.toml"
    table.write_text(table.read_text("utf-8").replace("[prompt.voicemail]\ntext", "[prompt.voicemail]\ntxt"), "utf-8")
    found = load_city(pack / "ivr.toml")
    assert isinstance(found, list)
    assert {one.file.name for one in found} == {"prompts.toml", "ivr.toml"}
    assert any("which the switch speaks by itself" in one.message for one in found)


def test_missing_and_stale_sounds_are_only_warnings(pack: Path) -> None:
    (pack / "prompts/zh/menu.wav16").unlink()
    (pack / "prompts/zh/word/7.wav").write_bytes(b"RIFF")
    table = pack / "prompts" / "prompts.toml"
    table.write_text(table.read_text("utf-8").replace("本次通话将被录音。", "本次通话会被录音。"), "utf-8")
    city = load_city(pack / "ivr.toml")
    assert isinstance(city, City)
    told = {problem.message.split(":")[0]: problem for problem in city.warnings}
    assert {*told} == {"menu", "word/7", "recording-notice"}
    assert "has no WAV yet" in told["menu"].message
    assert "cannot be played" in told["word/7"].message
    assert "another text" in told["recording-notice"].message
    assert str(told["menu"]) == f"{table}:{told['menu'].line}: warning: {told['menu'].message}"


def test_journeys(pack: Path) -> None:
    edited(pack, ("enabled = false", "enabled = true"), ("seconds = 15", "seconds = 60"))
    city = load_city(pack / "ivr.toml")
    assert isinstance(city, City)
    ways = {way.name: (way.seconds, way.keys) for way in lint.journeys(city.menu, lambda _prompt: 2.0)}
    assert ways == {
        "emergency key": (6.0, 1),
        "silent caller": (6.0 + 2.0 + 4.0 + 2.0, 0),
        "key 0": (10.0, 1),
        "menu 1": (10.0, 1),
        "menu 2>1": (12.0, 2),
        "menu 2>2": (12.0, 2),
        "menu 3": (10.0, 1),
    }


def test_the_calendar_agrees_with_the_announced_year() -> None:
    days = national_calendar()
    assert days[dt.date(2026, 10, 1)] == "holiday"
    assert days[dt.date(2026, 10, 10)] == "working"
    assert all(day.weekday() >= 5 for day, kind in days.items() if kind == "working")


# ── lines of TOML ────────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_of_nested_tables_arrays_and_dotted_keys() -> None:
    toml = toml_lines.read('a = 1\n[b]\nc.d = 2\n"e f" = 3\n[[g]]\nh = 1\n[[g]]\nh = 2\n[[g.i]]\nj = 3\n[g.k]\nl = 4')
    assert toml.errors == []
    assert {path: line for path, line in toml.lines.items() if path[-1] in ("a", "d", "e f", "h", "j", "l")} == {
        ("a",): 1, ("b", "c", "d"): 3, ("b", "e f"): 4, ("g", 0, "h"): 6, ("g", 1, "h"): 8, ("g", 1, "i", 0, "j"): 10,
        ("g", 1, "k", "l"): 12,
    }  # fmt: skip
    assert toml.line_of(("g", 1, "unknown", "deeper")) == 7
    assert toml.line_of(("nowhere",)) == 1


@settings(deadline=None)
@given(st.text(alphabet="ab=[].\"'\n 1#,{}", max_size=60))
def test_any_text_ends_in_values_or_errors(text: str) -> None:
    toml = toml_lines.read(text)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in toml.errors)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_menu_or_problems(content: bytes) -> None:
    path = Path(f"/dev/shm/hotline-{os.getpid()}-ivr.toml")  # in memory: hypothesis writes hundreds
    path.write_bytes(content)
    try:
        found = ivr.load_menu(path)
    finally:
        path.unlink()
    assert isinstance(found, list)
    assert all(isinstance(problem, Problem) for problem in found)


def test_what_a_message_and_the_survey_need(pack: Path) -> None:
    table = pack / "prompts" / "prompts.toml"
    table.write_text(table.read_text("utf-8").replace("[prompt.voicemail-review]", "[prompt.voicemail-other]"), "utf-8")
    said, rows = edited(pack)
    line = line_of(rows, "[voicemail]")
    assert said == [f"{line}: voicemail: prompts.toml has no 'voicemail-review', which is spoken there"]
    table.write_text(
        table.read_text("utf-8")
        .replace("[prompt.voicemail-other]", "[prompt.voicemail-review]")
        .replace("[prompt.survey]", "[prompt.survey-other]"),
        "utf-8",
    )
    assert edited(pack)[0] == [], "who does not ask needs no question"
    said, rows = edited(pack, ("ask = false", "ask = true"))
    line = line_of(rows, "[survey]")
    assert said == [f"{line}: survey: prompts.toml has no 'survey', which is spoken there"]


def test_an_option_leads_to_one_place(pack: Path) -> None:
    said, _ = edited(
        pack, ('label_en = "Inquiry"\nqueue = "citizens"', 'label_en = "Inquiry"\nqueue = "citizens"\nvoicemail = true')
    )
    assert [one.partition(": ")[2] for one in said] == [
        "menu.options: key 1 needs either a queue, voicemail, status or options of its own"
    ]


def test_what_asking_after_a_request_needs(pack: Path) -> None:
    table = pack / "prompts" / "prompts.toml"
    table.write_text(table.read_text("utf-8").replace("[prompt.status-off]", "[prompt.status-other]"), "utf-8")
    assert edited(pack)[0] == [], "without a menu nobody can ask"
    said, rows = edited(pack, ("enabled = false", "enabled = true"), ("seconds = 15", "seconds = 30"))
    assert said == [f"{line_of(rows, '[menu]')}: menu: prompts.toml has no 'status-off', which is spoken there"]
    said, _ = edited(pack, ('person_key = "0"', 'person_key = "1"'))
    assert "menu.person_key: key 1 asks after another request where an option has status" in "\n".join(said)
