"""A ticket that lives through its verbs over HTTP, and its papers as Word gives them back."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

from docx import Document

from tests.wire.desk.house import House
from tests.wire.desk.server import Browser


@dataclass
class Life:
    """A ticket and the people who act on it, each with a log-in of the day."""

    house: House
    desk: Browser
    ticket_id: str = ""
    works: list[str] = field(default_factory=list)

    async def act(self, who: str, verb: str, work: int | None = None, **given: Any) -> dict[str, Any]:
        """One verb; ``work`` counts the ticket's works from 0."""
        async with Browser(self.desk.port) as browser:
            assert (await browser.log_in(who)).status_code == 200
            body = {"verb": verb, "given": given, "work_id": None if work is None else self.works[work]}
            answer = await browser.make(f"/api/v1/tickets/{self.ticket_id}/acts", body)
            assert answer.status_code == 200, answer.text
            matter = answer.json()["matter"]
            if who != "赵老师":
                self.works = [one["work_id"] for one in matter["works"]]
            return dict(matter)

    async def dispatched(self) -> None:
        """To two units; the lead unit signs and begins."""
        await self.act("李明", "dispatch", units=["education", "city"])
        for verb in ("sign", "start"):
            await self.act("赵老师", verb, 0)

    async def file(self, who: str, name: str, content: bytes) -> str:
        """The id of a file that somebody puts to the ticket."""
        async with Browser(self.desk.port) as browser:
            await browser.log_in(who)
            made = await browser.post(
                f"/api/v1/tickets/{self.ticket_id}/attachments?name={name}",
                content=content,
                headers={"Idempotency-Key": name.encode().hex(), "Content-Type": "application/octet-stream"},
            )
            assert made.status_code == 201, made.text
            return str(made.json()["attachment"]["attachment_id"])

    async def refused(self, who: str, verb: str, work: int, **given: Any) -> str:
        """What the desk says to an act it does not let pass."""
        async with Browser(self.desk.port) as browser:
            await browser.log_in(who)
            act = {"verb": verb, "work_id": self.works[work], "given": given}
            answer = await browser.make(f"/api/v1/tickets/{self.ticket_id}/acts", act)
            assert answer.status_code >= 400, answer.text
            return answer.text

    async def reported(self, **more: Any) -> None:
        """Both units have reported, the lead unit item by item."""
        results = [{"item": 1, "result": "已停止"}, {"item": 2, "result": "已退还3200元"}]
        said = {"result": "补课已停止，费用已退还", "item_results": results, "answered_via": "told_by_phone"} | more
        await self.act("赵老师", "report", 0, **said)

    async def paper(self, kind: str) -> Any:
        """The Word file of a paper that the dispatcher issues now."""
        async with Browser(self.desk.port) as browser:
            assert (await browser.log_in("李明")).status_code == 200
            made = await browser.make(f"/api/v1/tickets/{self.ticket_id}/papers", {"kind": kind})
            assert made.status_code == 201, made.text
            word = (await browser.get(f"/api/v1/papers/{made.json()['paper']['paper_id']}.docx")).content
        document = Document(io.BytesIO(word))
        assert not re.search(r"\{\{|\{%|None|[a-z]+_[a-z]+|demo:", said_by(document)), said_by(document)
        return document


def said_by(document: Any) -> str:
    """All words of a paper."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def places(document: Any) -> dict[str, str]:
    """The places of a form by their labels."""
    found: dict[str, str] = {}
    for row in document.tables[0].rows:
        cells = [cell.text for cell in row.cells]
        pairs = [(cells[0], cells[1])] + ([(cells[2], cells[3])] if cells[2] != cells[1] else [])
        for label, value in pairs:
            found[label if label not in found else f"{label} 2"] = value
    return found


def letter(document: Any) -> list[str]:
    """The paragraphs of a letter."""
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]
