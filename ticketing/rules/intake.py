"""What a rule pack says about taking a matter in, and about what is kept secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ticketing.rules.words import Channel, Kind, Src


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is accepted, by which ways, and what the caller gives."""

    src: Src
    channels: Annotated[tuple[Channel, ...], "Ways in; the telephone is always one."] = ()
    kinds: Annotated[tuple[Kind, ...], "Kinds of request this city knows."] = ()
    modes: Annotated[tuple[str, ...], "Ways of handling (办理方式) by their own names."] = ()
    caller_gives: Annotated[tuple[str, ...], "What the caller is asked for."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Bodies outside the line's power: the caller is told where to turn."""

    src: Src
    bodies: Annotated[tuple[str, ...], "Their names."]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAccept:
    """A ground on which a matter is not accepted."""

    src: Src
    code: Annotated[str, "The office's code for it."]
    zh: Annotated[str, "The ground in the regulation's words."]
    en: Annotated[str, "The ground in English."]
    must: Annotated[tuple[Literal["reason", "channel"], ...], "What the caller must be told."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The same matter again."""

    src: Src
    refused_after: Annotated[
        tuple[Literal["confirmed_redo", "confirmed_supervise"], ...],
        "Not accepted again when it was closed in this way and the centre confirmed it.",
    ]
    must: Annotated[tuple[Literal["reason", "channel"], ...], "What the caller must be told."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """Emergencies and major events."""

    src: Src
    accepted: Annotated[bool, "Whether the line takes them at all."]
    tell: Annotated[tuple[str, ...], "Numbers the caller is told instead."] = ()
    report_to: Annotated[tuple[str, ...], "Who is told at once, in order."] = ()
    kinds: Annotated[tuple[str, ...], "Kinds of major events."] = ()
    attendance_required: Annotated[bool | None, "Units called to a meeting on site must come."] = None
    absence: Annotated[Literal["circular_criticism"] | None, "What absence or delay leads to."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrecy:
    """What must not be disclosed, and to whom."""

    src: Src
    protect: Annotated[tuple[str, ...], "What is protected."] = ()
    never_to: Annotated[tuple[Literal["accused_unit", "accused_person"], ...], "Who must not learn of it."] = ()
    reporter_may_demand: Annotated[bool | None, "A reporter may demand that the identity stays secret."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal:
    """Who must stay away (回避)."""

    src: Src
    who: Annotated[tuple[str, ...], "Who."]
    test: Annotated[Literal["direct_interest"], "On what ground."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The citizen's own query."""

    src: Src
    by: Annotated[tuple[Literal["code", "id_number", "name", "phone"], ...], "What is asked for."] = ()
    rights: Annotated[tuple[str, ...], "What the citizen may know and demand."] = ()
    account: Annotated[
        tuple[Literal["overdue", "objection"], ...], "When the caller may demand that the unit accounts for itself."
    ] = ()
    except_: Annotated[tuple[str, ...], "TOML `except`: what is not shown."] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publicity:
    """Publishing how matters were handled."""

    src: Src
    publish: Annotated[bool, "Whether it is published."]
    where: Annotated[tuple[str, ...], "Where."] = ()
    except_: Annotated[tuple[str, ...], "TOML `except`: what is not published."] = ()
