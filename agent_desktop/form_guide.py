"""What guides an agent through a call: data from a ``form.toml``, checked whole at start.

Required fields, the tree of places, scripts, phrases that are not said, how a call may turn out, emergency services,
kinds of special care.  A city pack may bring its own file; it then replaces the shipped one whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ticketing import Kind

SHIPPED = Path(__file__).parent / "data" / "form.toml"

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_/-]{0,63}$")]
FieldName = Literal["title", "text", "kind", "category", "place", "caller_name", "caller_number", "caller_identity"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Word(_Data):
    """A code with its two names."""

    code: Code
    zh: str
    en: str


class Branch(Word):
    """A word with words below it."""

    children: tuple[Branch, ...] = ()


class Required(_Data):
    """Fields without which no ticket is registered; of these kinds, or of every kind."""

    fields: tuple[FieldName, ...]
    kinds: tuple[Kind, ...] = ()


class Script(_Data):
    """A sentence to be said at one moment of the call; ``en`` is for a caller who speaks English."""

    moment: Literal["greeting", "asking", "guiding", "emergency", "closing"]
    zh: str
    en: str


class Forbidden(_Data):
    """A phrase that is never said or written to a citizen, and what to say instead."""

    phrase: Annotated[str, Field(min_length=1)]
    instead: str


class Service(Word):
    """An emergency service that takes a caller over, by the number the switch dials."""

    number: Annotated[str, Field(pattern=r"^[0-9]{3,12}$")]


class Keeping(_Data):
    """For how many days a mark on a caller's number is kept; then it is deleted."""

    marked: Annotated[int, Field(ge=1)] = 90
    confirmed: Annotated[int, Field(ge=1)] = 365
    cleared: Annotated[int, Field(ge=1)] = 30


class FormGuide(_Data):
    """A ``form.toml``."""

    required: tuple[Required, ...] = ()
    disposition: Literal["required", "optional"] = "optional"
    """Whether an agent must say how the call turned out before ending wrap-up by hand."""
    repeat_warning: Annotated[int, Field(ge=1)] = 3
    """From this many calls in 30 days on, this one counted, the card warns."""
    keep_marks_days: Keeping = Keeping()
    identity_kinds: tuple[Kind, ...] = ()
    """Kinds of request whose form asks for the number of an identity document."""
    dispositions: tuple[Branch, ...] = ()
    places: tuple[Branch, ...] = ()
    care: tuple[Word, ...] = ()
    emergency: tuple[Service, ...] = ()
    scripts: tuple[Script, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()

    @model_validator(mode="after")
    def _codes_once(self) -> FormGuide:
        trees: dict[str, Sequence[Word]] = {
            "dispositions": list(walk(self.dispositions)),
            "places": list(walk(self.places)),
            "care": self.care,
            "emergency": self.emergency,
        }
        for name, words in trees.items():
            codes = [word.code for word in words]
            twice = sorted({code for code in codes if codes.count(code) > 1})
            if twice:
                raise ValueError(f"{name}: the code {twice[0]!r} stands twice")
        if any(word.code == NUISANCE for word in self.care):
            raise ValueError(f"care: {NUISANCE!r} is the program's own word")
        return self

    def missing(self, kind: str, filled: set[str]) -> list[str]:
        """The required fields of a ticket of this kind that are not filled in, in the file's order."""
        wanted = [name for rule in self.required if not rule.kinds or kind in rule.kinds for name in rule.fields]
        return [name for name in dict.fromkeys(wanted) if name not in filled]

    def ends(self) -> dict[str, Branch]:
        """The dispositions that can be chosen: those with nothing below them, by code."""
        return {branch.code: branch for branch in walk(self.dispositions) if not branch.children}


NUISANCE = "nuisance"
"""The kind of mark that stands for a nuisance call; the others are the file's ``care`` codes."""


def walk(branches: Sequence[Branch]) -> Iterator[Branch]:
    """All words of a tree, each before those below it."""
    for branch in branches:
        yield branch
        yield from walk(branch.children)


class BadFormGuide(ValueError):
    """A ``form.toml`` that cannot be used; the text lists every problem."""


def load_form_guide(path: Path = SHIPPED) -> FormGuide:
    """Reads and checks a ``form.toml``; raises BadFormGuide naming the file and every problem in it."""
    try:
        return FormGuide.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFormGuide(f"{path}: {error}") from error
    except ValidationError as error:
        problems = [f"{path}: {'.'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors()]
        raise BadFormGuide("\n".join(problems)) from error
