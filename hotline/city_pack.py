"""What is wrong in a city's pack: every file read, every mistake at once, so that nobody mends one start at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

import ivr
import recordings
import ticketing
from hotline import recording_room, resources
from hotline.settings import Settings
from ivr import toml_lines
from ivr.toml_lines import TomlText

_IVR, _TICKETS = "ivr.toml", "tickets.toml"
_SEED: dict[str, dict[str, tuple[str, ...]]] = {
    "seed.toml": {
        "user": ("username", "name"),
        "agent": ("agent_id", "extension", "kind", "name", "username"),
        "citizen_phone": ("extension", "name", "number"),
        "call": ("number", "days_ago", "at", "wait"),
        "duty": (),
    },
    "knowledge.toml": {"article": ("question", "answer")},
    "history.toml": {"matter": (), "course": ("name", "step")},
}
"""File of the demo's content → its arrays of tables → the keys without which a table cannot be put in."""


def problems(settings: Settings) -> list[str]:
    """Everything that is wrong in the city's pack, each with its file and, where it has one, its line."""
    folder = resources.city_dir(settings)
    if not folder.is_dir():
        return [f"{folder}: no such city pack"]
    return [*_menu(folder / _IVR), *_tickets(folder / _TICKETS), *_others(settings, folder)]


def _menu(file: Path) -> list[str]:
    city = ivr.load_city(file)
    return [str(problem) for problem in city] if isinstance(city, list) else []


def _tickets(file: Path) -> list[str]:
    pack = ticketing.load_rulepack(file.parent)
    return [str(problem) for problem in pack] if isinstance(pack, list) else []


def _others(settings: Settings, folder: Path) -> Iterator[str]:
    for file in sorted([*folder.glob("*.toml"), *folder.glob(recording_room.HOTWORDS)]):
        if file.name in (_IVR, _TICKETS):
            continue
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            yield f"{file}:1: cannot be read: {error}"
            continue
        if file.name == recording_room.HOTWORDS:
            continue
        toml = toml_lines.read(text)
        if toml.errors:
            yield from (f"{file}:{line}: {message}" for line, message in toml.errors)
            continue
        for place, message in _judge(settings, file.name, toml):
            yield f"{file}:{toml.line_of(place)}: {message}"


def _judge(settings: Settings, name: str, toml: TomlText) -> Iterator[tuple[toml_lines.Path, str]]:
    from agent_desktop import FormGuide, HouseRules  # the whole desk, which `hotline ivr` and others never need

    models: dict[str, type[BaseModel]] = {
        "form.toml": FormGuide,
        "desk.toml": HouseRules,
        recording_room.SCORECARD: recordings.Scorecard,
    }
    if name in models:
        yield from _against(models[name].model_validate, toml.values)
    elif name == recording_room.RETENTION:
        yield from _retention(settings, toml.values.get("keep", []))
    elif name == "keywords.toml":
        yield from _keywords(toml.values)
    elif name in _SEED:
        yield from _seed(toml.values, _SEED[name])


def _against(validate: Callable[[Any], object], values: Any) -> Iterator[tuple[toml_lines.Path, str]]:
    try:
        validate(values)
    except ValidationError as error:
        for one in error.errors():
            yield one["loc"], f"{'.'.join(map(str, one['loc']))}: {one['msg']}"


def _retention(settings: Settings, rules: Any) -> Iterator[tuple[toml_lines.Path, str]]:
    if not _tables(rules):
        yield ("keep",), "keep: must be written as [[keep]]"
        return
    try:
        recording_room.retention(settings)
    except recording_room.BadRetention as error:
        for sentence in str(error).splitlines():
            said = sentence.partition(f"{recording_room.RETENTION}: ")[2]
            number = said.removeprefix("rule ").partition(":")[0]
            yield ("keep", int(number) - 1) if number.isdigit() else (), said


def _keywords(values: dict[str, Any]) -> Iterator[tuple[toml_lines.Path, str]]:
    for table, labels in values.items():
        if not isinstance(labels, dict):
            yield (table,), f"{table}: must be a table, [{table}]"
            continue
        for label, groups in labels.items():
            if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
                yield (table, label), f"{table}.{label}: must be a list of texts"


def _seed(values: dict[str, Any], known: dict[str, tuple[str, ...]]) -> Iterator[tuple[toml_lines.Path, str]]:
    for key, tables in values.items():
        if key not in known:
            yield (key,), f"{key}: no such table; this file has {', '.join(known)}"
        elif not _tables(tables):
            yield (key,), f"{key}: must be written as [[{key}]]"
        else:
            for index, one in enumerate(tables):
                for missing in (name for name in known[key] if name not in one):
                    yield (key, index), f"{key}: needs {missing}"


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)
