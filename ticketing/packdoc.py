"""A rule pack as JSON for viewers, and the schema as Markdown for the documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from ticketing.pack_reader import shape, toml_name
from ticketing.rulepack import RulePack
from ticketing.rules import Rules


def pack_json(pack: RulePack) -> dict[str, Any]:
    """Everything a pack says; None is “not regulated”."""
    return {
        "city": pack.city,
        "name": pack.name,
        "sources": [_plain(source) for source in pack.sources],
        "versions": [
            {
                "id": version.id,
                "effective": version.effective.isoformat() if version.effective else None,
                "src": list(version.src),
                "citation": pack.cite(version.src),
                "rules": rules_json(version.rules),
            }
            for version in pack.versions
        ],
    }


def rules_json(rules: Rules) -> dict[str, Any]:
    """Every topic by its TOML name; a topic the regulation is silent on is None."""
    said = _plain(rules)
    return {topic: value if value != [] else None for topic, value in said.items()}


def schema_markdown() -> str:
    """One table a topic: key, type, whether it is needed, what it means."""
    blocks: list[str] = []
    hints = get_type_hints(Rules, include_extras=True)
    for topic in fields(Rules):
        many, cls = shape(hints[topic.name])
        name = toml_name(topic.name)
        blocks += _topic(f"[[version.{name}]]" if many else f"[version.{name}]", cls)
    return "\n".join(blocks).rstrip() + "\n"


def _topic(header: str, cls: Any) -> Iterator[str]:
    yield f"### `{header}`\n"
    yield f"{(cls.__doc__ or '').strip()}\n"
    yield "| key | value | meaning |"
    yield "| --- | --- | --- |"
    hints = get_type_hints(cls, include_extras=True)
    nested = []
    for field in fields(cls):
        hint = hints[field.name]
        many, inner = shape(hint)
        if is_dataclass(inner):
            name = f"{header.strip('[]')}.{toml_name(field.name)}"
            nested.append((f"[[{name}]]" if many else f"[{name}]", inner))
        needed = "" if field.name == "src" or field.default is not MISSING else " **needed**"
        meaning = get_args(hint)[1] if get_origin(hint) is Annotated else ""
        yield f"| `{toml_name(field.name)}`{needed} | {_type_words(many, inner)} | {meaning} |"
    yield ""
    for under, inner in nested:
        yield from _topic(under, inner)


def _type_words(many: bool, inner: Any) -> str:
    if get_origin(inner) is Literal:
        words = ", ".join(f"`{choice}`" for choice in get_args(inner))
        return f"list of {words}" if many else words
    if is_dataclass(inner):
        return "tables" if many else "table"
    word = {str: "text", int: "whole number", bool: "true / false"}[inner]
    return f"list of {word}" if many else word


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {toml_name(field.name): _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
