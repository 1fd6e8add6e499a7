"""A matter on paper: which values of it go where, and the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import cti
import recordings
import ticketing
from agent_desktop.access import Visitor
from agent_desktop.api.tickets import viewer_of
from agent_desktop.doors import Doors
from agent_desktop.errors import DeskError
from agent_desktop.form_guide import Service
from agent_desktop.hand_overs import HandOverOut
from agent_desktop.ledger import add_access

if TYPE_CHECKING:
    from ticketing.documents import Content, Issued

_OUTCOMES = {"handed_over": "已转接", "given_up": "已接听，未接入市民", "not_reached": "未接通"}
FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def printed(issued: Issued, form: str, templates: Path, pictures: Mapping[str, bytes]) -> tuple[str, bytes]:
    """File name and content of an issued paper, with its pictures by file id.  Refuses with ``paper_failed``."""
    from ticketing.documents import KINDS, PdfFailed, TemplateFault, render, template_for, to_pdf

    kind = KINDS[issued.kind]
    name = f"{issued.content.number}-{kind.code}-{issued.content.serial}.{form}"
    try:
        word = render(kind, issued.content, template_for(kind, templates), pictures)
        return name, to_pdf(word) if form == "pdf" else word
    except (TemplateFault, PdfFailed) as error:
        raise DeskError("paper_failed", reason=str(error)) from error


def pictures_in(issued: Issued, doors: Doors, visitor: Visitor) -> dict[str, bytes]:
    """The pictures of signature and seal that a paper shows, by file id; each look is written down first."""
    wanted = {issued.content.signature_file, issued.content.seal_file} - {""}
    if not wanted:
        return {}
    files = []
    with doors.write.begin() as session:
        viewer = viewer_of(session, doors, visitor)
        for one in wanted:
            file = ticketing.open_attachment(session, one, viewer, doors.now())
            if file is None or file.ticket_id != issued.ticket_id:
                raise DeskError("not_found")
            add_access(session, doors, visitor.user.user_id, visitor.session, "attachment", one)
            files.append(file)
    try:
        return {one.attachment_id: b"".join(doors.attachments.read(one.stored)) for one in files}
    except recordings.NotInStore as error:
        raise DeskError("attachment_lost") from error
    except recordings.StoreUnavailable as error:
        raise DeskError("storage_away") from error


def content_of(
    kind: str,
    matter: dict[str, Any],
    lines: Sequence[ticketing.HistoryEntry],
    names: Mapping[str, str],
    handed: Sequence[HandOverOut],
    office: ticketing.Office,
    doors: Doors,
    visitor: Visitor,
) -> Content:
    """What a paper about ``matter`` says today; its number comes when it is issued.

    ``lines`` is the matter's history, oldest first, ``names`` who acted in it by user id.
    """
    from ticketing.documents import Content, Item, Told, own_places, shared_places

    ticket = matter["ticket"]
    accepted = datetime.fromisoformat(ticket["created_at"])
    version = office.version_of(ticket["pack_version"], accepted)
    zone = ZoneInfo(version.rules.counting.time_zone)
    units = {unit.unit_id: unit.zh for unit in office.dictionary.units}
    told = Told(matter, lines, office, version, names, visitor.user.display_name)
    places = {
        "office": f"{doors.config.city_name}12345热线办公室",
        "number": ticket["number"],
        "title": ticket["title"],
        "text": ticket["text"],
        "kind": _zh(office.dictionary.kinds, ticket["kind"]),
        "category": _category(office.dictionary.categories, ticket["category"]),
        "accepted_on": accepted.astimezone(zone).date(),
        "serial": 0,
        "issued_on": doors.now().astimezone(zone).date(),
        "caller_name": ticket["caller_name"] or ("（要求保密）" if ticket["confidential"] else "（未留姓名）"),
        "caller_number": cti.normalise(ticket["caller_number"]).masked,
        "place": ticket["place"],
        "assisting": tuple(units.get(work["unit_id"], "") for work in matter["works"] if work["role"] == "assist"),
        "items": tuple(Item(one["text"], one["result"] or "") for one in matter["items"]),
        "handed_over": tuple(_told(one, doors.form.emergency, zone) for one in handed),
    }
    return Content(**places | shared_places(told) | own_places(kind, told))


def _told(one: HandOverOut, services: Sequence[Service], zone: ZoneInfo) -> str:
    """A hand-over as the ticket's history on the screen tells it (``web/src/guide/hand-overs.ts``)."""
    name = next((service.zh for service in services if service.code == one.service), one.number)
    steps = (
        ("对方已接听", one.seconds if one.reached_at else None),
        ("市民已接入", one.joined_seconds),
        ("线路已断开", one.ended_seconds),
    )
    told = [f"{what} {round(seconds)} 秒" for what, seconds in steps if seconds is not None]
    told += [_OUTCOMES[one.outcome]] if one.outcome else []
    at = f"{one.began_at.astimezone(zone):%Y年%-m月%-d日%-H时%-M分}"
    return f"{at} {name}（{one.by_name}）" + (f"：{'，'.join(told)}" if told else "")


def _zh(labels: Any, code: str) -> str:
    return next((label.zh for label in labels if label.code == code), code)


def _category(nodes: Any, code: str, path: str = "") -> str:
    """The Chinese names from the top down to the category of this code."""
    for node in nodes:
        name = f"{path}／{node.zh}" if path else node.zh
        if node.code == code:
            return name
        if node.children and (inner := _category(node.children, code, name)) != code:
            return inner
    return code
