"""The scorecard by which calls are judged: a form that is data of the city, its arithmetic, and what the transcript
has to say about it.  Pure functions; nothing here knows a database."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from recordings.ledger import canonical
from recordings.parts import Part
from recordings.search_index import plain

SHIPPED = Path(__file__).parent / "data" / "scorecard.toml"

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
FindingKind = Literal["forbidden", "opening", "closing"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Point(_Part):
    """One check point.  ``finding``: what the transcript finds that speaks to it."""

    id: Code
    zh: str
    en: str
    most: int = Field(ge=1, le=100)
    finding: FindingKind | None = None


class Section(_Part):
    """Check points that belong together."""

    id: Code
    zh: str
    en: str
    points: tuple[Point, ...] = Field(min_length=1)


class Fatal(_Part):
    """An instant-fail point: where it is met the score is 0, whatever else was good."""

    id: Code
    zh: str
    en: str


class Courtesy(_Part):
    """Words of which one should be said by the agent within so many seconds from the beginning (opening) or before
    the end (closing) of what the agent says."""

    within: float = Field(gt=0, le=600)
    any: tuple[str, ...] = Field(min_length=1)


class Scorecard(_Part):
    """A ``scorecard.toml``."""

    version: str = Field(min_length=1, max_length=40)
    pass_mark: int = Field(ge=0, le=100)
    sections: tuple[Section, ...] = Field(min_length=1)
    fatal: tuple[Fatal, ...] = ()
    opening: Courtesy | None = None
    closing: Courtesy | None = None
    forbidden: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ids_are_apart(self) -> Scorecard:
        ids = [section.id for section in self.sections] + list(self.points) + [one.id for one in self.fatal]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice or len(self.points) != sum(len(section.points) for section in self.sections):
            raise ValueError(f"used twice: {', '.join(twice)}")
        return self

    @property
    def points(self) -> dict[str, Point]:
        return {point.id: point for section in self.sections for point in section.points}

    @property
    def digest(self) -> str:
        """Names this very content, whatever its version says."""
        return hashlib.sha256(canonical(self.model_dump(mode="json")).encode("utf-8")).hexdigest()


def read_scorecard(text: str) -> Scorecard | list[str]:
    """The form in a TOML text, or every problem found in it."""
    try:
        return Scorecard.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return [str(error)]
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}".lstrip(": ") for one in error.errors()]


@dataclass(frozen=True, slots=True)
class Result:
    """``score`` from 0 to 100."""

    score: float
    passed: bool


class BadAnswers(ValueError):
    """Points that the form does not have, too many of them, or some left out; ``where`` names them."""

    def __init__(self, where: Sequence[str]) -> None:
        super().__init__(", ".join(where))
        self.where = list(where)


def check_answers(form: Scorecard, points: Mapping[str, int], failed: Sequence[str], *, whole: bool) -> None:
    """Raises BadAnswers.  ``whole``: every check point must have been given points."""
    known, fatal = form.points, {one.id for one in form.fatal}
    bad = [key for key, given in points.items() if key not in known or not 0 <= given <= known[key].most]
    bad += [key for key in failed if key not in fatal]
    if whole:
        bad += [key for key in known if key not in points]
    if bad:
        raise BadAnswers(sorted(set(bad)))


def score(form: Scorecard, points: Mapping[str, int], failed: Sequence[str]) -> Result:
    """The score of a whole form; an instant-fail point makes it 0.  Raises BadAnswers."""
    check_answers(form, points, failed, whole=True)
    if failed:
        return Result(0.0, False)
    most = sum(point.most for point in form.points.values())
    reached = round(100 * sum(points.values()) / most, 1)
    return Result(reached, reached >= form.pass_mark)


@dataclass(frozen=True, slots=True)
class PhraseFinding:
    """What the transcript says about a phrase: where it was said, or that none of those wanted was."""

    kind: FindingKind
    present: bool
    phrase: str | None = None
    start: float | None = None
    text: str | None = None


def find_phrases(
    form: Scorecard, segments: Sequence[Mapping[str, Any]], parts: Sequence[Part] = ()
) -> list[PhraseFinding]:
    """Forbidden phrases that the agent said (each time), and whether opening and closing were polite.

    Only what is said while a person speaks on the other leg counts: an announcement greets, but is no agent.
    """
    spoken = [one for one in segments if one["leg"] == "other" and _by_a_person(one, parts)]
    spoken.sort(key=lambda one: one["start"])
    found = [
        PhraseFinding("forbidden", True, phrase, one["start"], one["text"])
        for one in spoken
        for phrase in form.forbidden
        if plain(phrase) in plain(one["text"])
    ]
    if not spoken:
        return found
    if form.opening is not None:
        until = spoken[0]["start"] + form.opening.within
        found.append(_courtesy("opening", form.opening, [one for one in spoken if one["start"] <= until]))
    if form.closing is not None:
        since = spoken[-1]["end"] - form.closing.within
        found.append(_courtesy("closing", form.closing, [one for one in spoken if one["end"] >= since]))
    return found


def _courtesy(kind: FindingKind, wanted: Courtesy, spoken: Sequence[Mapping[str, Any]]) -> PhraseFinding:
    for one in spoken:
        for phrase in wanted.any:
            if plain(phrase) in plain(one["text"]):
                return PhraseFinding(kind, True, phrase, one["start"], one["text"])
    return PhraseFinding(kind, False)


def _by_a_person(segment: Mapping[str, Any], parts: Sequence[Part]) -> bool:
    """By the middle of the utterance; where no parts are known everything counts."""
    if not parts:
        return True
    middle = (segment["start"] + segment["end"]) / 2
    return any(part.label in ("agent", "three_way") and part.start <= middle < part.end for part in parts)
