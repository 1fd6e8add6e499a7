"""The knowledge base: finding an answer while a caller waits, and looking after the articles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

import ticketing
from agent_desktop.access import KnowledgeReader, KnowledgeWriter, TheDoors
from agent_desktop.api.tickets import names_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError, responses
from agent_desktop.paging import Position, after
from agent_desktop.texts import Id, Key, Limit, Line, Version, own_key

router = APIRouter(prefix="/knowledge", tags=["knowledge"])

REVIEWED = frozenset({"publish", "send_back", "withdraw", "confirm"})
"""What only a reviewer does."""


class ArticleTextModel(BaseModel):
    """What an article says.  ``read_out`` is said on the telephone; dates are the office's local dates."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    question: Annotated[Line, Field(max_length=300)]
    answer: Annotated[Line, Field(max_length=20_000)]
    read_out: Annotated[Line, Field(max_length=2_000)] = ""
    unit: Id | None = None
    category: Annotated[Line, Field(max_length=100)] = ""
    keywords: Annotated[Line, Field(max_length=300)] = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None


class ArticleIn(ArticleTextModel):
    """An article as it is to be; ``version`` is the one it was changed from, 0 for a new one."""

    version: Version = 0


class ArticleActIn(BaseModel):
    """What is done about an article: sending back and withdrawing need a note; ``review_by`` goes with confirming."""

    model_config = ConfigDict(extra="forbid")

    act: Literal["submit", "publish", "send_back", "withdraw", "confirm"]
    note: Annotated[Line, Field(max_length=500)] = ""
    review_by: date | None = None


class FoundArticleOut(BaseModel):
    article_id: str
    text: ArticleTextModel
    score: float


class FoundArticles(BaseModel):
    articles: list[FoundArticleOut]


class ArticleOut(BaseModel):
    """The copy being worked on; ``in_force`` is what agents find meanwhile, ``overdue`` that somebody has to look."""

    article_id: str
    state: str
    text: ArticleTextModel
    in_force: ArticleTextModel | None
    version: int
    written_by_name: str
    written_at: datetime
    decided_by_name: str | None
    decided_at: datetime | None
    note: str
    own: bool = Field(description="Last written by the person who looks, who then cannot publish it.")
    expired: bool
    overdue: bool


class ArticleLine(BaseModel):
    """One line of the article's history."""

    at: datetime
    by_name: str
    verb: str
    body: dict[str, Any]


class ArticleAnswer(BaseModel):
    article: ArticleOut
    history: list[ArticleLine]


class ArticlesAnswer(BaseModel):
    articles: list[ArticleOut]
    next_cursor: str | None


@router.get("/search", response_model=FoundArticles, responses=responses("not_logged_in", "forbidden"))
def search(
    _visitor: KnowledgeReader,
    doors: TheDoors,
    q: Annotated[Line, Field(max_length=500)] = "",
    category: Annotated[Line, Field(max_length=100)] = "",
) -> FoundArticles:
    """Published articles that hold today and speak of ``q``, the best first."""
    with doors.read() as session:
        found = doors.intake.knowledge.search(session, q, _today(session, doors), category)
    return FoundArticles(
        articles=[
            FoundArticleOut(
                article_id=one.article_id, text=ArticleTextModel.model_validate(one.text), score=round(one.score, 3)
            )
            for one in found
        ]
    )


@router.get("", response_model=ArticlesAnswer, responses=responses("not_logged_in", "forbidden"))
def articles(
    visitor: KnowledgeWriter,
    doors: TheDoors,
    state: Literal["draft", "review", "published", "withdrawn"] | None = None,
    due: bool = False,
    start: Position = 0,
    limit: Limit = 200,
) -> ArticlesAnswer:
    """The articles somebody looks after; somebody of a handling unit sees the unit's own.  ``due``: whose review date
    or last day has come."""
    with doors.read() as session:
        today = _today(session, doors)
        found = ticketing.list_articles(
            session,
            state=state,
            unit=visitor.user.unit_id,
            due=today if due else None,
            offset=start,
            limit=limit + 1,
        )
        articles = _shown(session, found[:limit], visitor.user.user_id, today)
        return ArticlesAnswer(articles=articles, next_cursor=after(start, limit, found))


@router.get(
    "/{article_id}", response_model=ArticleAnswer, responses=responses("not_logged_in", "forbidden", "not_found")
)
def article(article_id: Id, visitor: KnowledgeWriter, doors: TheDoors) -> ArticleAnswer:
    """One article with its history."""
    with doors.read() as session:
        found = ticketing.get_article(session, article_id)
        if found is None or visitor.user.unit_id not in (None, found.text.unit):
            raise DeskError("not_found")
        return _answer(session, found, visitor.user.user_id, doors)


@router.post(
    "",
    status_code=201,
    response_model=ArticleAnswer,
    responses=responses("not_logged_in", "forbidden", "article_refused"),
)
def write(said: ArticleIn, idempotency_key: Key, visitor: KnowledgeWriter, doors: TheDoors) -> ArticleAnswer:
    """Begins an article, as a draft.  The same key sent again answers with the same article."""
    return _written(None, said, visitor, doors, own_key(visitor.user.user_id, idempotency_key))


@router.put(
    "/{article_id}",
    response_model=ArticleAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "article_conflict", "article_refused"),
)
def change(article_id: Id, said: ArticleIn, visitor: KnowledgeWriter, doors: TheDoors) -> ArticleAnswer:
    """Changes the copy that is worked on; what is in force stays until the change is published."""
    return _written(article_id, said, visitor, doors)


@router.post(
    "/{article_id}/acts",
    response_model=ArticleAnswer,
    responses=responses("not_logged_in", "forbidden", "not_found", "article_refused"),
)
def act(article_id: Id, wanted: ArticleActIn, visitor: KnowledgeWriter, doors: TheDoors) -> ArticleAnswer:
    """Submits an article for review; a reviewer publishes it, sends it back, withdraws it, or confirms that it still
    holds.  Nobody publishes what they wrote themselves."""
    if wanted.act in REVIEWED and not visitor.may("knowledge.review"):
        raise DeskError("forbidden", permission="knowledge.review")
    by = visitor.user.user_id
    with doors.write.begin() as session:
        result = ticketing.act_on_article(
            session,
            article_id,
            wanted.act,
            by=by,
            now=doors.now(),
            note=wanted.note,
            review_by=wanted.review_by,
            of_unit=visitor.user.unit_id,
        )
        if isinstance(result, ticketing.Refused):
            raise _refused(result)
        return _answer(session, result, by, doors)


def _written(
    article_id: str | None, said: ArticleIn, visitor: KnowledgeWriter, doors: Doors, key: str | None = None
) -> ArticleAnswer:
    text = ticketing.ArticleText(**said.model_dump(exclude={"version"}))
    by = visitor.user.user_id
    with doors.write.begin() as session:
        if text.unit is not None and text.unit not in {unit.unit_id for unit in doors.office(session).dictionary.units}:
            raise DeskError("article_refused", reason="invalid_field", field="unit", problem="unknown_value")
        result = ticketing.write_article(
            session,
            text,
            by=by,
            now=doors.now(),
            article_id=article_id,
            version=said.version,
            of_unit=visitor.user.unit_id,
            key=key,
        )
        if isinstance(result, ticketing.Refused):
            raise _refused(result)
        if isinstance(result, ticketing.ArticleConflict):
            current = _shown(session, [result.current], by, _today(session, doors))[0]
            raise DeskError("article_conflict", current=current.model_dump(mode="json"))
        return _answer(session, result, by, doors)


def _refused(why: ticketing.Refused) -> DeskError:
    known = {"not_found": "not_found", "not_allowed": "forbidden"}
    return DeskError(known.get(why.reason, "article_refused"), reason=why.reason, **dict(why.detail))


def _today(session: Session, doors: Doors) -> date:
    zone = doors.office(session).pack.versions[0].rules.counting.time_zone
    return doors.now().astimezone(ZoneInfo(zone)).date()


def _answer(session: Session, found: ticketing.Article, user_id: str, doors: Doors) -> ArticleAnswer:
    lines = ticketing.article_history(session, found.article_id)
    names = names_of(session, {line.by for line in lines})
    return ArticleAnswer(
        article=_shown(session, [found], user_id, _today(session, doors))[0],
        history=[
            ArticleLine(at=line.at, by_name=names.get(line.by, line.by), verb=line.verb, body=dict(line.body))
            for line in lines
        ],
    )


def _shown(session: Session, found: list[ticketing.Article], user_id: str, today: date) -> list[ArticleOut]:
    names = names_of(session, {by for one in found for by in (one.written_by, one.decided_by) if by})
    made = []
    for one in found:
        shown = one.in_force or one.text
        made.append(
            ArticleOut(
                article_id=one.article_id,
                state=one.state,
                text=ArticleTextModel.model_validate(one.text),
                in_force=ArticleTextModel.model_validate(one.in_force) if one.in_force else None,
                version=one.version,
                written_by_name=names.get(one.written_by, one.written_by),
                written_at=one.written_at,
                decided_by_name=names.get(one.decided_by, one.decided_by) if one.decided_by else None,
                decided_at=one.decided_at,
                note=one.note,
                own=one.written_by == user_id,
                expired=shown.valid_until is not None and shown.valid_until < today,
                overdue=one.in_force is not None and shown.review_by is not None and shown.review_by <= today,
            )
        )
    return made
