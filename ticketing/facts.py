"""What a decision of the workflow may rest on, and how its rules refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ticketing import sla
from ticketing.case import Actor, Case, Relations
from ticketing.model import Refused
from ticketing.rules import Rules

OUTCOMES = ("satisfied", "basically_satisfied", "dissatisfied", "no_opinion", "unreachable")
"""What a call-back or an evaluation can bring."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may rest on."""

    given: Mapping[str, Any]
    rules: Rules
    now: datetime
    case: Case
    actor: Actor
    relations: Relations = field(default_factory=Relations)
    calendar: sla.Calendar | None = None
    kinds: frozenset[str] = frozenset()
    """Kinds of request the office works with; empty means any."""
    found: Mapping[str, Any] = field(default_factory=dict)
    """What the handler looked up: the target of a link, the duty meant, whether the matter was settled before."""


Guard = Callable[[Any, Facts], Refused | None]


def no_rule(topic: str) -> Refused:
    """The regulation is silent: the verb is not available, and nothing is made up."""
    return Refused("not_regulated", {"topic": topic})


def breach(reason: str, src: tuple[str, ...], **detail: Any) -> Refused:
    """A refusal by an article."""
    return Refused(reason, {"article": list(src), **detail})
