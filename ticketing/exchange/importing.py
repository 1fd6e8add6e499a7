"""Tickets on their way in, from an office's older system: each good row becomes one, once, each bad one is named.

A row is known by its external number; the same file may be given again after its mistakes are mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.case import Actor
from ticketing.dictionary import Category
from ticketing.exchange.sheets import Row
from ticketing.handlers import create_ticket
from ticketing.model import CreateTicket, Refused
from ticketing.office import Office
from ticketing.rules.words import Channel, Origin
from ticketing.tables import TicketRow
from ticketing.words import labels

BATCH = 100
"""Rows a transaction."""
NAMES = {
    "external_number": ("原编号", "编号", "工单编号"),
    "title": ("标题", "诉求标题"),
    "text": ("内容", "诉求内容"),
    "kind": ("类型", "诉求类型"),
    "category": ("分类", "事项分类"),
    "place": ("地点", "事发地点"),
    "caller_name": ("来电人", "姓名"),
    "caller_number": ("来电号码", "电话"),
    "caller_identity": ("证件号码", "身份证号", "身份证号码"),
    "confidential": ("保密",),
    "channel": ("受理渠道", "渠道", "来源渠道"),
    "origin": ("交办来源",),
    "accepted_at": ("受理时间",),
}
"""Our names of the columns, and what Chinese files call them."""
_CHANNELS = {
    "phone": ("电话", "热线电话", "人工受理"),
    "voicemail": ("语音留言", "自动语音信箱", "留言"),
    "fax": ("传真",),
    "web": ("网站", "网上", "门户网站"),
    "mailbox": ("信箱", "市长信箱", "书记信箱", "邮箱", "电子邮件"),
    "sms": ("短信",),
    "app": ("APP", "手机客户端"),
    "wechat": ("微信",),
    "weibo": ("微博",),
    "qq": ("QQ",),
    "visit": ("来访", "走访"),
    "other": ("其他", "其它"),
}
"""What Chinese files call the ways in."""
HEADINGS = {heading: name for name, others in NAMES.items() for heading in (name, *others)}
_NO, _YES = ("", "0", "false", "no", "否"), ("1", "true", "yes", "是")


@dataclass(frozen=True)
class Outcome:
    """What became of a row: ``imported``, ``known`` (imported before) or ``bad`` with the reason."""

    row: Row
    result: str
    reason: str = ""


class _BadRow(Exception):
    """Why a row cannot be taken."""


class Importer:
    """Registers rows in the name of one person.  ``number_key`` is how callers are found again by their number."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        office: Callable[[Session], Office],
        actor: Actor,
        number_key: Callable[[str], str],
        now: datetime,
    ) -> None:
        self._sessions, self._office, self._actor = sessions, office, actor
        self._number_key, self._now = number_key, now

    def run(self, rows: Iterable[Row]) -> Iterator[Outcome]:
        """Takes them in, a batch a transaction, and tells of each row when it is safe."""
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            with self._sessions.begin() as session:
                told = self._batch(session, batch)
            yield from told

    def _batch(self, session: Session, batch: list[Row]) -> list[Outcome]:
        office = self._office(session)
        wanted = [row.values.get("external_number", "").strip() for row in batch]
        statement = select(TicketRow.external_number).where(TicketRow.external_number.in_(wanted))
        known = set(session.scalars(statement))
        told = []
        for row, number in zip(batch, wanted, strict=True):
            if number and number in known:
                told.append(Outcome(row, "known"))
                continue
            try:
                self._take(session, office, row, number)
            except _BadRow as problem:
                told.append(Outcome(row, "bad", str(problem)))
            else:
                known.add(number)
                told.append(Outcome(row, "imported"))
        return told

    def _take(self, session: Session, office: Office, row: Row, number: str) -> None:
        if not number:
            raise _BadRow("external_number: empty")
        said = {name: value.strip() for name, value in row.values.items()}
        command = CreateTicket(
            idempotency_key=f"import {number}",
            created_by=self._actor.user_id,
            title=said.get("title", ""),
            text=said.get("text", ""),
            kind=_kind(office, said.get("kind", "")),
            channel=_channel(said.get("channel", "")),
            origin=_origin(said.get("origin", "")),
            category=_category(office.dictionary.categories, said.get("category", "")),
            place=said.get("place", ""),
            caller_name=said.get("caller_name", ""),
            caller_number=said.get("caller_number", ""),
            caller_identity=said.get("caller_identity", ""),
            caller_key=self._number_key(said.get("caller_number", "")),
            confidential=_flag(said.get("confidential", "")),
            external_number=number,
        )
        made = create_ticket(session, command, self._moment(office, said), self._actor.roles, office)
        if isinstance(made, Refused):
            raise _BadRow(_reason(made))

    def _moment(self, office: Office, said: Mapping[str, str]) -> datetime:
        """When it was accepted: local where no offset is given, never after now."""
        text = said.get("accepted_at", "")
        if not text:
            return self._now
        try:
            moment = datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            raise _BadRow("accepted_at: not a time like 2026-03-02 09:30") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(office.pack.versions[0].rules.counting.time_zone))
        if not moment.year >= 1990 or moment > self._now:
            raise _BadRow("accepted_at: before 1990 or after now")
        return moment


def _origin(said: str) -> Origin:
    """Who handed it in, by our code or the word for it; empty: a citizen."""
    for code in get_args(Origin):
        if said == code or any(said == one.zh for one in labels("origin") if one.code == code):
            return code  # type: ignore[no-any-return]
    if not said:
        return "citizen"
    raise _BadRow(f"origin: there is none called {said!r}")


def _kind(office: Office, said: str) -> str:
    for kind in office.dictionary.kinds:
        if said in (kind.code, kind.zh, kind.en):
            return kind.code
    raise _BadRow(f"kind: there is none called {said!r}" if said else "kind: empty")


def _channel(said: str) -> str:
    if not said:
        return "phone"
    if said in get_args(Channel):
        return said
    for code, names in _CHANNELS.items():
        if said in names:
            return code
    raise _BadRow(f"channel: there is none called {said!r}")


def _category(nodes: tuple[Category, ...], said: str) -> str:
    """A category by its code or by the Chinese names from the top down, divided by ``/``."""
    if not said:
        return ""
    for code, names in _paths(nodes, ""):
        if said in (code, names):
            return code
    raise _BadRow(f"category: there is none called {said!r}")


def _paths(nodes: tuple[Category, ...], above: str) -> Iterator[tuple[str, str]]:
    for node in nodes:
        names = f"{above}/{node.zh}" if above else node.zh
        yield node.code, names
        yield from _paths(node.children, names)


def _flag(said: str) -> bool:
    if said.lower() not in (*_NO, *_YES):
        raise _BadRow(f"confidential: yes or no, not {said!r}")
    return said.lower() in _YES


def _reason(refused: Refused) -> str:
    detail: Mapping[str, Any] = refused.detail
    if refused.reason == "invalid_field":
        limit = f" (at most {detail['limit']} characters)" if "limit" in detail else ""
        return f"{detail['field']}: {str(detail['problem']).replace('_', ' ')}{limit}"
    return refused.reason.replace("_", " ")
