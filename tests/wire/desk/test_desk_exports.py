"""Files over HTTP: a filter's or a search's tickets, as the visitor may see them."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator

import pytest
from openpyxl import load_workbook

from hotline.database import sessions
from tests.wire.desk.databases import url  # noqa: F401
from tests.wire.desk.house import House
from tests.wire.desk.server import Browser, error_id, new_ticket
from ticketing.search_feed import Feed

pytestmark = pytest.mark.wire


@pytest.fixture
async def chief(agent: Browser) -> AsyncIterator[Browser]:
    async with Browser(agent.port) as opened:
        assert (await opened.log_in("chief")).status_code == 200
        yield opened


async def test_a_filter_as_csv(agent: Browser, chief: Browser) -> None:
    await new_ticket(agent, "k1", kind="help")
    await new_ticket(agent, "k2", kind="complaint", title="投诉噪声")
    assert error_id(await agent.get("/api/v1/exports/tickets.csv")) == "forbidden"
    answer = await chief.get("/api/v1/exports/tickets.csv", params={"kind": "complaint"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="tickets.csv"'
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["title"] == "投诉噪声"
    lines = (await chief.get("/api/v1/ledger", params={"name": "access"})).json()["lines"]
    assert [line["verb"] for line in lines] == ["exported", "export"]
    assert lines[1]["body"] == {"form": "csv", "about": {"kind": ["complaint"]}}


async def test_what_a_search_finds_as_excel(house: House, agent: Browser, chief: Browser) -> None:
    await new_ticket(agent, "k1", title="学校门口路灯不亮")
    await new_ticket(agent, "k2", title="噪声扰民")
    Feed(sessions(house.engine), house.doors.intake.index_folder).step()
    answer = await chief.get("/api/v1/exports/search.xlsx", params={"q": "路灯不亮"})
    assert answer.status_code == 200, answer.text
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 2
    assert "学校门口路灯不亮" in rows[1]
