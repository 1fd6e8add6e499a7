"""Taking a matter in: words, items, answers on the spot, non-acceptance, presenting to a leader."""

from __future__ import annotations

from typing import Any

from ticketing.doing import Doing
from ticketing.effects.kind import Effect, Given, note, said
from ticketing.tables_work import ItemRow, WorkRow


def amend(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Changes what the ticket says; the history keeps both versions."""
    row = doing.row
    changed = {
        name: [getattr(row, name), value] for name, value in given["changes"].items() if getattr(row, name) != value
    }
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    return {"changed": changed}


def add_item(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """One more demand."""
    ordinal = 1 + max((item.ordinal for item in doing.items), default=0)
    item = ItemRow(ticket_id=doing.row.ticket_id, ordinal=ordinal, text=given["text"])
    doing.session.add(item)
    doing.items.append(item)
    return {"item": ordinal, "text": given["text"]}


def answer(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """Answered on the spot, or by the office itself."""
    doing.row.public_reply = given["reply"]
    return said(given)


def guide(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The caller was told where to turn."""
    doing.row.public_reply = str(given.get("reply") or given["channel"])
    return said(given)


def not_accept(doing: Doing, _work: WorkRow | None, given: Given) -> dict[str, Any]:
    """The caller was told why, and where else to turn."""
    parts = [str(given[name]) for name in ("reason", "channel") if given.get(name)]
    doing.row.public_reply = "\n".join(parts)
    ground = next((one for one in doing.version.rules.not_accept if one.code == given["code"]), None)
    return said(given) | ({"ground": ground.zh, "src": list(ground.src)} if ground else {})


EFFECTS: dict[str, Effect] = {
    "register": note,
    "amend": amend,
    "add_item": add_item,
    "answer": answer,
    "guide": guide,
    "refer": note,
    "not_accept": not_accept,
    "reopen": note,
    "escalate": note,
    "approve": note,
    "send_back": note,
}
