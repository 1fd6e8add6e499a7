"""Reads Asterisk's configuration files as Asterisk does, as far as our own files use the syntax."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

_STEP = re.compile(r"(?P<priority>\d+|n)(?:\((?P<label>[\w-]+)\))?,(?P<app>\w+)\((?P<arguments>.*)\)$")


@dataclass(frozen=True)
class Step:
    """One line of the dialplan."""

    context: str
    extension: str
    priority: int
    label: str
    application: str
    arguments: str

    @property
    def place(self) -> str:
        return f"{self.context},{self.extension},{self.priority}"


def without_comments(text: str) -> list[str]:
    """Lines that say something; ``\\;`` is a semicolon, any other begins a comment."""
    lines = (re.sub(r"(?<!\\);.*", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def steps(text: str) -> list[Step]:
    """Every step of an ``extensions.conf``; fails on a line that is none."""
    found: list[Step] = []
    context = extension = ""
    priority = 0
    for line in without_comments(text):
        if line.startswith("#"):
            continue
        if line.startswith("["):
            context = line.strip("[]")
            continue
        if context in ("general", "globals"):
            continue
        key, _, rest = (part.strip() for part in line.partition("=>"))
        if key == "exten":
            extension, _, rest = rest.partition(",")
            priority = 0
        else:
            assert key == "same", line
        step = _STEP.match(rest)
        assert step, f"[{context}] {line}"
        priority = int(step["priority"]) if step["priority"] != "n" else priority + 1
        found.append(Step(context, extension, priority, step["label"] or "", step["app"], step["arguments"]))
    return found


def sections(text: str) -> dict[str, list[dict[str, str]]]:
    """Sections of an ordinary file by name; a name may come more than once.  ``(template)`` is the key ``template``."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    values: dict[str, str] = {}
    for line in without_comments(text):
        head = re.match(r"\[([^\]]+)\](?:\(([^)]*)\))?$", line)
        if head:
            values = {"template": head[2] or ""}
            found[head[1]].append(values)
        elif not line.startswith("#"):
            name, _, value = line.partition("=")
            values[name.strip()] = value.lstrip(">").strip()
    return dict(found)


def matches(extension: str, dialled: str) -> bool:
    """Whether an extension of the dialplan, a pattern or not, takes a dialled number."""
    if not extension.startswith("_"):
        return extension == dialled
    classes = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", "!": ".*", ".": ".+"}
    parts = re.findall(r"\[[^\]]*\]|.", extension[1:])
    return (
        re.fullmatch(
            "".join(classes.get(part, part if part.startswith("[") else re.escape(part)) for part in parts), dialled
        )
        is not None
    )


def variables(text: str) -> set[str]:
    """Names read as ``${NAME}``; functions and substrings are no variables."""
    return set(re.findall(r"\$\{(\w+)(?::[^}(]*)?\}", text))


def split_arguments(arguments: str) -> list[str]:
    """Arguments of an application, split at commas that stand in no bracket."""
    parts, depth, current = [], 0, ""
    for sign in arguments:
        depth += (sign in "({[") - (sign in ")}]")
        if sign == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += sign
    return [*parts, current]
