"""Work on every desk of the demo city: tickets in each state, done by the people whose work it is, over HTTP."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx

from tests.kit.stack import Stack
from tests.wire.desk.server import Browser

UNIT, LEADER, DISPATCHER, SUPERVISOR = "city-management", "chengguan", "zhuanban", "banzhang"

MATTERS = (
    (
        "路灯不亮",
        "望江路 88 号门口两盏路灯从周一起不亮，夜间老人出行不便，希望尽快修复。",
        "help",
        "construction/municipal/lights",
    ),
    (
        "占道经营影响通行",
        "东湖菜市场门口每天早上占道经营，消防车无法通行，多次劝离后又回来。",
        "complaint",
        "market/consumer/refund",
    ),
    (
        "楼顶私搭违章建筑，漏水影响楼下三户居民，已经反映两次仍未处理",
        "柳林街道银杏苑 3 栋楼顶私搭阳光房。",
        "report",
        "construction/planning/illegal",
    ),
    (
        "建议公园增加夜间照明和座椅",
        "西山公园环湖步道晚上太暗，老年人散步没有地方休息。",
        "suggestion",
        "construction/municipal/bus",
    ),
    ("垃圾清运不及时", "垃圾桶三天没有清运，气味很大。", "complaint", "environment/noise/building"),
)
REPORT = {
    "result": "已到现场更换灯具并测试正常。",
    "public_reply": "您反映的路灯已于今日修复，感谢您的监督。",
    "resolved": True,
    "items": [1],
    "answered_via": "told_in_person",
    "satisfaction": "satisfied",
    "signature": "孔涛",
    "leader": "孔涛",
}
SUPERVISION = {"opinion": "多次反映未解决，请尽快办理。", "ground": "other", "days": 2}


class Office:
    """The people who do it, logged in."""

    def __init__(self, people: dict[str, Browser]) -> None:
        self.people = people

    async def act(
        self, who: str, ticket_id: str, verb: str, *, work: str | None = None, **given: Any
    ) -> dict[str, Any]:
        """Does it and insists that it was done; the matter afterwards."""
        answer = await self.people[who].post(
            f"/api/v1/tickets/{ticket_id}/acts",
            json={"verb": verb, "given": given, "work_id": work},
            headers={"idempotency-key": f"{ticket_id}-{verb}"},
        )
        return dict(_done(answer, verb)["matter"])

    async def register(self, number: int, title: str, text: str, kind: str, category: str) -> str:
        answer = await self.people[DISPATCHER].post(
            "/api/v1/tickets",
            json={
                "title": title,
                "text": text,
                "kind": kind,
                "category": category,
                "items": [title],
                "caller_name": "刘先生",
                "caller_number": f"1370013700{number}",
                "place": "东湖区望江路街道望江路 88 号",
            },
            headers={"idempotency-key": f"furnish-{number}"},
        )
        return str(_done(answer, "register")["ticket"]["ticket_id"])


def _done(answer: httpx.Response, what: str) -> dict[str, Any]:
    assert answer.status_code in (200, 201), f"{what}: {answer.text}"
    return dict(answer.json())


_done_once: dict[str, list[str]] = {}


async def furnished(stack: Stack) -> list[str]:
    """The same once for each running system."""
    if stack.url not in _done_once:
        _done_once[stack.url] = await furnish(stack)
    return _done_once[stack.url]


async def furnish(stack: Stack) -> list[str]:
    """Tickets dispatched, signed, asked to be extended, reported, supervised; their ids."""
    async with AsyncExitStack() as inside:
        people = {}
        for name in (LEADER, DISPATCHER, SUPERVISOR):
            people[name] = await inside.enter_async_context(Browser(stack.settings.desk_port))
            _done(await people[name].log_in(name, stack.password_of(name)), name)
        office = Office(people)
        made = await asyncio.gather(*(office.register(number, *one) for number, one in enumerate(MATTERS)))
        for ticket_id in made:
            await office.act(DISPATCHER, ticket_id, "dispatch", units=[UNIT])
        signed = {one: await office.act(LEADER, one, "sign") for one in made[1:]}
        await office.act(LEADER, made[1], "request_extension", days=3, reason="需要联合执法，时间不够")
        await office.act(LEADER, made[3], "report", **REPORT)
        work = signed[made[4]]["works"][0]["work_id"]
        await office.act(SUPERVISOR, made[4], "supervise", work=work, **SUPERVISION)
        return list(made)
