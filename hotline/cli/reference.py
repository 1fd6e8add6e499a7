"""Writes the pages that are made from the code, and the indexes of pages: ``python -m hotline.cli.reference``.

A test fails when a page is out of date.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from typer.main import get_command

from agent_desktop import WorkingRules
from hotline.cli.main import app
from hotline.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"

_PAGES_HEAD = """# Pages

Start with [one call through the files](tour.md). Why things are as they are: [decisions](decisions/README.md).

"""
_DECISIONS_HEAD = """# Decisions

One page each: what was decided, instead of what, and why. A later page replaces an earlier one by saying so.

"""
_WORDS, _END_OF_WORDS = "<!-- words of the program -->", "<!-- end of the words -->"
_SETTINGS_HEAD = """# Settings

Written by `python -m hotline.cli.reference` from `hotline/settings.py`; a test fails when it is out of date.

A setting is given as an environment variable (second column) or as a line in `<home>/hotline.toml` (first column),
for example `sip_port = 5060`; the environment wins. Unknown names and impossible values are refused at start, all at
once, each with its place. Secrets are no settings: they are generated into `<home>/secrets.toml`, mode 0600.

Those marked *while working* are what an office starts with: what it changes on the page *Office* (setting `desk` of the
API) holds from then on, for the next call, without a restart.

| In `hotline.toml` | Environment | Default | Meaning |
| --- | --- | --- | --- |
"""
_CHANGES = " *While working.*"
_HEAD = """# Commands

Written by `python -m hotline.cli.reference` from the commands themselves; a test fails when it is out of date.
Every command answers `--help`. Results go to stdout, progress and errors to stderr. Exit status: 0 done, 1 failed or
refused, 2 wrong usage or settings, 3 (`status`) not everything is ready.
"""


def pages() -> dict[str, str]:
    """File name and text of every generated page."""
    return {
        "cli.md": commands_page(),
        "settings.md": settings_page(),
        "glossary.md": glossary_page(),
        "README.md": _PAGES_HEAD + _index(DOCS),
        "decisions/README.md": _DECISIONS_HEAD + _index(DOCS / "decisions"),
    }


def _index(folder: Path) -> str:
    """A line for each page of a folder: its first heading with a link."""
    others = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    titles = [(path.name, path.read_text("utf-8").partition("\n")[0].lstrip("# ")) for path in others]
    return "".join(f"- [{title}]({name})\n" for name, title in titles)


def glossary_page() -> str:
    """The glossary with the ticket room's own words (``ticketing/words.toml``) between its two marks."""
    text = (DOCS / "glossary.md").read_text("utf-8")
    before, after = text[: text.index(_WORDS) + len(_WORDS)], text[text.index(_END_OF_WORDS) :]
    source = files("ticketing").joinpath("words.toml").read_text("utf-8")
    groups: dict[str, dict[str, list[str]]] = tomllib.loads(source)
    tables = "".join(_words(group, words) for group, words in groups.items())
    return f"{before}\n{tables}\n{after}"


def _words(group: str, words: dict[str, list[str]]) -> str:
    rows = "".join(f"| `{code}` | {zh} | {en} |\n" for code, (zh, en) in words.items())
    return f"\n### {group.replace('_', ' ').capitalize()}\n\n| Code | 中文 | English |\n| --- | --- | --- |\n{rows}"


def settings_page() -> str:
    """Every setting with its variable, default and meaning (the docstring below its field)."""
    rows = []
    for name, field in Settings.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else f"HOTLINE_{name.upper()}"
        default = "" if field.default_factory or field.default in ("", None) else f"`{_toml(field.default)}`"
        changes = _CHANGES if name in WorkingRules.model_fields else ""
        rows.append(f"| `{name}` | `{variable}` | {default} | {_paragraphs(field.description or '')}{changes} |\n")
    return _SETTINGS_HEAD + "".join(rows)


def _toml(value: Any) -> str:
    """A default as it would be written into ``hotline.toml``."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def commands_page() -> str:
    """Every command with its arguments and options."""
    root: Any = get_command(app)
    parts = [_HEAD, *(_section(words, command) for words, command in _walk((), root))]
    return "\n".join(parts)


def commands() -> list[str]:
    """Every command and group as it is typed, without ``hotline``."""
    return [" ".join(words) for words, _ in command_tree()]


def command_tree() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group that is shown, with the words that call it."""
    return _walk((), get_command(app))


def _walk(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, child in sorted(getattr(command, "commands", {}).items()):
        if not child.hidden:
            yield (*words, name), child
            yield from _walk((*words, name), child)


def _section(words: tuple[str, ...], command: Any) -> str:
    title = " ".join(("hotline", *words))
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option" and param.name != "help"]
    usage = [title, *(_argument(param) for param in arguments), *(["[options]"] if options else [])]
    children = getattr(command, "commands", None)
    if children:
        usage.append("COMMAND" if command.no_args_is_help else "[COMMAND]")
    lines = [f"{'#' * (len(words) + 1)} {title}", "", _paragraphs(command.help or ""), "", f"    {' '.join(usage)}", ""]
    rows = [(_argument(param), param) for param in arguments] + [(_names(param), param) for param in options]
    if rows:
        lines += ["| | |", "| --- | --- |", *(f"| `{name}` | {_told(param)} |" for name, param in rows), ""]
    return "\n".join(lines)


def _paragraphs(text: str) -> str:
    text = re.sub(r"``(.+?)``", r"`\1`", inspect.cleandoc(text))
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _argument(param: Any) -> str:
    name = param.name.upper() + ("…" if param.nargs == -1 else "")
    return name if param.required else f"[{name}]"


def _names(param: Any) -> str:
    names = ", ".join((*param.opts, *param.secondary_opts))
    return names if param.is_flag else f"{names} {param.metavar or param.name.upper()}"


def _told(param: Any) -> str:
    told = " ".join((getattr(param, "help", None) or "").split())
    default = param.default
    if default in (None, False, (), []) or callable(default) or getattr(param, "required", False):
        return told
    return f"{told} Default: `{default}`.".strip()


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")
