"""Reads a city's ``ivr.toml`` and everything it names; every mistake is reported at once, with file and line."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_type_hints

from pydantic import TypeAdapter, ValidationError

from ivr import lint, toml_lines
from ivr.hours import DayKind, OfficeHours
from ivr.menu import (
    AGAIN_KEY,
    ASKED_AFTER_A_CALL,
    ASKED_AFTER_A_MESSAGE,
    ASKED_FOR_A_REQUEST,
    SPOKEN_BY_THE_DIALPLAN,
    Menu,
    Option,
    SpecialDay,
    tells_status,
)
from ivr.prompt_book import PromptBook, open_book
from ivr.toml_lines import TomlText

_MENU = TypeAdapter(Menu)
_SPOKEN_KEY = re.compile(r"按\s*([0-9*])")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake.  An ``error`` keeps the IVR from starting; a ``warning`` does not."""

    file: Path
    line: int
    message: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'' if self.level == 'error' else 'warning: '}{self.message}"


@dataclass(frozen=True)
class City:
    """A city's call flow, ready to be served."""

    menu: Menu
    office: OfficeHours
    book: PromptBook
    blocked: Path | None
    priority: Path | None
    warnings: tuple[Problem, ...] = ()


def load_menu(path: Path) -> Menu | list[Problem]:
    """The typed ``ivr.toml``, or every error in it and in the files it names."""
    city = load_city(path)
    return city.menu if isinstance(city, City) else city


def load_city(path: Path) -> City | list[Problem]:
    """``ivr.toml`` with its calendar, prompts and caller lists, or every error."""
    try:
        toml = toml_lines.read(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(path, 1, f"cannot be read: {error}")]
    problems = [Problem(path, line, message) for line, message in toml.errors]
    menu: Menu | None = None
    try:
        menu = _MENU.validate_python(toml.values)
    except ValidationError as error:
        problems += [_explain(path, toml, details) for details in error.errors()]
    book, in_book = open_book(path.parent / "prompts")
    problems += [Problem(book.table, line, message) for line, message in in_book]
    if menu is None:
        return sorted(problems, key=_order)
    problems += [Problem(path, toml.line_of(at), message) for at, message in _contradictions(menu, book)]
    lists = {name: getattr(menu.callers, name) for name in ("blacklist", "priority_list")}
    for name, file in lists.items():
        if file:
            problems += _caller_list_problems(path, toml.line_of(("callers", name)), path.parent / file)
    if errors := [problem for problem in problems if problem.level == "error"]:
        return sorted(errors, key=_order)
    office = OfficeHours(menu.hours, menu.holidays, national_calendar() if menu.holidays.source != "none" else {})
    blocked, priority = (path.parent / file if file else None for file in lists.values())
    budget_line = toml.line_of(("budget",))
    guesses = [Problem(path, budget_line, message, "warning") for message in _maybe_over_budget(menu, book)]
    warnings = tuple(sorted([*problems, *guesses, *_prompt_warnings(book)], key=_order))
    return City(menu, office, book, blocked, priority, warnings)


def _order(problem: Problem) -> tuple[str, int]:
    return str(problem.file), problem.line


def national_calendar() -> Mapping[dt.date, DayKind]:
    """Public holidays and worked weekend days of the People's Republic of China, as far as they are announced.

    A year not yet announced has no entry: its days are like their weekdays until the package is updated
    or the office fills in ``[[holidays.days]]``.
    """
    from chinese_calendar.constants import holidays, workdays

    off: dict[dt.date, DayKind] = dict.fromkeys(holidays, "holiday")
    return off | dict.fromkeys((day for day in workdays if day.weekday() >= 5), "working")


def last_announced_year() -> int:
    """The last year the national calendar knows."""
    return max(national_calendar()).year


# ── what is wrong, in words ──────────────────────────────────────────────────────────────────────────────────────


def _explain(path: Path, toml: TomlText, details: Any) -> Problem:
    """One pydantic error as a sentence at its line."""
    at: toml_lines.Path = details["loc"]
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in at)
    match details["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            message = f"{name}: no such key{_did_you_mean(at)}"
        case "missing" | "missing_argument":
            message = f"{name}: is missing"
        case "value_error":
            message = f"{name}: {details['ctx']['error']}"
        case "dataclass_type" | "dataclass_exact_type":
            message = f"{name}: must be a table, [{name}]"
        case _:
            message = f"{name}: {details['msg'].lower()}"
    return Problem(path, toml.line_of(at), message)


def _did_you_mean(at: toml_lines.Path) -> str:
    """A guess at a mistyped key, from the fields of the table it stands in."""
    tables = [part for part in at[:-1] if isinstance(part, str)]
    known = [one.name for one in fields(_TABLES[tables[-1]] if tables else Menu)]
    close = difflib.get_close_matches(str(at[-1]), known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


_TABLES: dict[str, Any] = {
    **{name: kind for name, kind in get_type_hints(Menu).items() if is_dataclass(kind)},
    "days": SpecialDay,
    "options": Option,
}


def _contradictions(menu: Menu, book: PromptBook) -> Iterator[tuple[toml_lines.Path, str]]:
    """What each key allows by itself but not together."""
    yield from _unknown_prompts(menu, book)
    for prompt in SPOKEN_BY_THE_DIALPLAN:
        if book.texts and prompt not in book.texts:
            yield (), f"prompts.toml has no {prompt!r}, which the switch speaks by itself"
    yield from _missing_prompts(menu, book)
    yield from _key_clashes(menu)
    if menu.callers.blacklist and not menu.callers.blocked_prompt:
        yield ("callers",), "callers.blocked_prompt: is needed with a blacklist, so that nobody meets silence"
    for day, count in Counter(special.date for special in menu.holidays.days).items():
        if count > 1:
            index = [special.date for special in menu.holidays.days].index(day)
            yield ("holidays", "days", index + 1), f"holidays.days: {day} stands there {count} times"
    if menu.menu.enabled:
        yield from _unspoken_keys(menu, book)
    for sentence in lint.over_budget(menu, book.measured_seconds).values():
        yield ("budget",), f"budget: {sentence}"


def _maybe_over_budget(menu: Menu, book: PromptBook) -> Iterator[str]:
    """Ways over the budget by guessed lengths only: no reason to refuse calls because a WAV is missing."""
    sure = lint.over_budget(menu, book.measured_seconds)
    for name, sentence in lint.over_budget(menu, book.seconds).items():
        if name not in sure:
            yield f"budget: {sentence}; some announcements have no WAV, their length is guessed"


def _missing_prompts(menu: Menu, book: PromptBook) -> Iterator[tuple[toml_lines.Path, str]]:
    """Prompts that a flow names by itself."""
    wanted = [("voicemail", prompt) for prompt in ASKED_AFTER_A_MESSAGE]
    wanted += [("survey", prompt) for prompt in ASKED_AFTER_A_CALL if menu.survey.ask]
    wanted += [("menu", prompt) for prompt in ASKED_FOR_A_REQUEST if tells_status(menu)]
    for table, prompt in wanted:
        if book.texts and prompt not in book.texts:
            yield (table,), f"{table}: prompts.toml has no {prompt!r}, which is spoken there"


def _prompt_places(menu: Menu) -> Iterator[tuple[toml_lines.Path, str | None]]:
    yield ("greeting", "prompt"), menu.greeting.prompt
    yield ("greeting", "recording_notice"), menu.greeting.recording_notice
    yield ("emergency", "prompt"), menu.emergency.prompt
    yield ("closed", "prompt"), menu.closed.prompt
    yield ("closed", "opening_prompt"), menu.closed.opening_prompt
    yield ("queue", "prompt"), menu.queue.prompt
    yield ("callers", "blocked_prompt"), menu.callers.blocked_prompt
    if menu.menu.enabled:
        yield ("menu", "prompt"), menu.menu.prompt
    for at, option in _option_places(menu):
        yield (*at, "prompt"), option.prompt


def _option_places(menu: Menu) -> Iterator[tuple[toml_lines.Path, Option]]:
    def walk(at: toml_lines.Path, options: tuple[Option, ...]) -> Iterator[tuple[toml_lines.Path, Option]]:
        for index, option in enumerate(options):
            here = (*at, "options", index)
            yield here, option
            yield from walk(here, option.options)

    return walk(("menu",), menu.menu.options)


def _unknown_prompts(menu: Menu, book: PromptBook) -> Iterator[tuple[toml_lines.Path, str]]:
    for at, prompt in _prompt_places(menu):
        if prompt and book.texts and prompt not in book.texts:
            close = difflib.get_close_matches(prompt, book.texts, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            yield at, f"{'.'.join(map(str, at))}: no prompt {prompt!r} in prompts.toml{hint}"


def _key_clashes(menu: Menu) -> Iterator[tuple[toml_lines.Path, str]]:
    taken = {menu.menu.person_key: "menu.person_key", menu.emergency.key: "emergency.key"}
    if len(taken) < 2:
        yield ("emergency", "key"), "emergency.key: is the same key as menu.person_key"
    if tells_status(menu) and AGAIN_KEY in taken:
        yield ("menu",), f"{taken[AGAIN_KEY]}: key {AGAIN_KEY} asks after another request where an option has status"
    seen: dict[tuple[toml_lines.Path, str], bool] = {}
    for at, option in _option_places(menu):
        name = "menu.options"
        if option.key in taken:
            yield (*at, "key"), f"{name}: key {option.key} already is {taken[option.key]}"
        if seen.setdefault((at[:-1], option.key), False):
            yield (*at, "key"), f"{name}: key {option.key} stands twice in the same menu"
        seen[at[:-1], option.key] = True
        if bool(option.queue) + option.voicemail + option.status + bool(option.options) != 1:
            yield at, f"{name}: key {option.key} needs either a queue, voicemail, status or options of its own"
        if bool(option.prompt) != bool(option.options):
            yield at, f"{name}: key {option.key}: prompt and options belong together"
    if menu.menu.enabled and not menu.menu.options:
        yield ("menu",), "menu.options: a menu that is switched on needs options"


def _unspoken_keys(menu: Menu, book: PromptBook) -> Iterator[tuple[toml_lines.Path, str]]:
    """The oldest fault of a menu: the voice names a key that does nothing, or keeps silent about one."""
    menus: list[tuple[toml_lines.Path, str | None, tuple[Option, ...]]] = [
        (("menu", "prompt"), menu.menu.prompt, menu.menu.options)
    ]
    menus += [((*at, "prompt"), option.prompt, option.options) for at, option in _option_places(menu) if option.options]
    for at, prompt, options in menus:
        text = book.texts.get(prompt or "")
        if text is None:
            continue
        spoken, real = set(_SPOKEN_KEY.findall(text.text)), {option.key for option in options}
        always = {menu.menu.person_key, menu.emergency.key}
        for key in sorted(real - spoken):
            yield at, f"menu: the prompt {prompt!r} never says 按{key}"
        for key in sorted(spoken - real - always):
            yield at, f"menu: the prompt {prompt!r} says 按{key}, but no option has that key"


def _caller_list_problems(path: Path, line: int, file: Path) -> list[Problem]:
    from ivr.caller_lists import parse_list

    try:
        _, wrong = parse_list(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(path, line, f"callers: {file.name} cannot be read: {error}")]
    return [Problem(file, number, message) for number, message in wrong]


def _prompt_warnings(book: PromptBook) -> Iterator[Problem]:
    words = {
        "missing": "has no WAV yet",
        "stale": "its WAV was made from another text or voice",
        "broken": "its WAV cannot be played",
    }
    for prompt in book.texts.values():
        if (state := book.state(prompt)) != "ok":
            yield Problem(book.table, prompt.line, f"{prompt.id}: {words[state]} (hotline prompts build)", "warning")
