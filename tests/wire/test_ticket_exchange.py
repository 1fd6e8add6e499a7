"""Tickets from files and into files: each good row once, each bad row by name, nothing to whom it is kept from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import Engine

import ticketing as t
from tests.kit.tickets import CENTRE, SHANGHAI, House, engine, handler  # noqa: F401
from ticketing.exchange import COLUMNS, FORMATS, BadFile, Exporter, Form, Importer, Row, read_rows, written
from ticketing.exchange.importing import BATCH, HEADINGS

pytestmark = pytest.mark.wire

CLERK = t.Actor("op1", frozenset({"operator"}))


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    return House(engine, "demo")


def importer(house: House) -> Importer:
    return Importer(house.db, house.desk.current, CLERK, lambda number: number.replace(" ", ""), house.now)


def bring(house: House, file: Path) -> list[tuple[int, str, str]]:
    form: Any = file.suffix[1:]
    outcomes = importer(house).run(read_rows(file, form, HEADINGS))
    return [(one.row.line, one.result, one.reason) for one in outcomes]


def tickets(house: House) -> dict[str | None, t.Ticket]:
    with house.db() as session:
        viewer = t.viewer_of(house.desk.current(session), CENTRE)
        page = t.list_tickets(session, t.TicketFilter(), viewer)
    assert isinstance(page, t.Page)
    return {one.external_number: one for one in page.tickets}


def taken(house: House, actor: t.Actor, form: Form = "jsonl", *, hides: bool = False) -> bytes:
    with house.db() as session:
        viewer = t.viewer_of(house.desk.current(session), actor)
    exporter = Exporter(house.db, viewer, lambda one: hides and one.confidential, house.now)
    exporter.begin(form, {})
    return b"".join(written(form, COLUMNS, exporter.of_filter(t.TicketFilter(), SHANGHAI)))


CHINESE = """原编号,标题,类型,来电号码,受理时间,保密
A1,路灯不亮,投诉,138 0013 8000,2025-05-30 09:30,否
A2,,投诉,,,
A3,噪声,不知道,,,
A4,垃圾,求助,,2099-01-01,
,没有编号,求助,,,
A1,又一次,求助,,,
A5,"多行
内容",求助,,2025/05/31 10:00,是
"""


def test_who_handed_it_in_and_by_which_way_come_along(house: House, tmp_path: Path) -> None:
    """D3: what comes by another way is the same record as a call's."""
    file = tmp_path / "old.csv"
    lines = (
        "原编号,标题,类型,受理渠道,交办来源",
        "B1,路灯,投诉,市长信箱,省信访局交办",
        "B2,噪声,投诉,web,city_leader",
        "B3,垃圾,求助,,",
        "B4,井盖,求助,,街道",
    )
    file.write_text("\n".join(lines), "utf-8")
    assert bring(house, file)[3] == (5, "bad", "origin: there is none called '街道'")
    found = {number: (one.channel, one.origin) for number, one in tickets(house).items()}
    assert found == {
        "B1": ("mailbox", "provincial_petition_bureau"),
        "B2": ("web", "city_leader"),
        "B3": ("phone", "citizen"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_chinese_file_as_an_office_has_it(house: House, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "old.csv"
    file.write_bytes(CHINESE.encode(encoding))
    assert bring(house, file) == [
        (2, "imported", ""),
        (3, "bad", "title: empty"),
        (4, "bad", "kind: there is none called '不知道'"),
        (5, "bad", "accepted_at: before 1990 or after now"),
        (6, "bad", "external_number: empty"),
        (7, "known", ""),
        (9, "imported", ""),
    ]
    found = tickets(house)
    assert set(found) == {"A1", "A5"}
    assert (found["A1"].kind, found["A1"].number[:8]) == ("complaint", "20250530")
    assert (found["A5"].confidential, found["A5"].title) == (True, "多行\n内容")
    assert [result for _, result, _ in bring(house, file)].count("known") == 3, "given again, nothing is doubled"
    assert len(tickets(house)) == 2
    assert house.breaks() == []


def test_excel_and_json_lines(house: House, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["external_number", "title", "kind", "caller_number", "category", "受理渠道"])
    book.active.append([1001, "停水", "求助", 13800138000, None, "市长信箱"])
    book.active.append(["1002", "停电", "help", None, "没有的分类", "fax"])
    book.active.append(["1004", "停电", "help", None, None, "飞鸽传书"])
    book.save(tmp_path / "old.xlsx")
    assert bring(house, tmp_path / "old.xlsx") == [
        (2, "imported", ""),
        (3, "bad", "category: there is none called '没有的分类'"),
        (4, "bad", "channel: there is none called '飞鸽传书'"),
    ]
    assert tickets(house)["1001"].caller_number == "13800138000"
    assert tickets(house)["1001"].channel == "mailbox"
    lines = [{"external_number": "1003", "title": "停气", "kind": "help"}, {"external_number": "1001", "title": "x"}]
    (tmp_path / "old.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [result for _, result, _ in bring(house, tmp_path / "old.jsonl")] == ["imported", "known"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"external_number,colour\n", "unknown column 'colour'"),
        ("a.xlsx", b"no workbook", "not an Excel workbook"),
        ("a.jsonl", b'{"external_number": "1", "title": "x", "kind": "help"}\n[]', "line 2: this is not a JSON object"),
        ("b.jsonl", b"{", "line 1: this is not JSON"),
    ],
)
def test_a_file_that_is_none_is_named(house: House, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=said):
        bring(house, tmp_path / name)


def test_never_more_than_a_batch_is_read_ahead(house: House) -> None:
    read = 0

    def rows() -> Iterator[Row]:
        nonlocal read
        for number in range(3 * BATCH):
            read += 1
            yield Row(number, {"external_number": f"n{number}", "title": "x", "kind": "help"})

    for done, outcome in enumerate(importer(house).run(rows()), 1):
        assert outcome.result == "imported"
        assert read - done < BATCH


@pytest.mark.parametrize("form", list(FORMATS))
def test_what_goes_out_is_the_same_in_every_form(house: House, form: Form) -> None:
    house.create(title="=HYPERLINK(1)", text="一\n二", caller_number="+8613800138000")
    raw = taken(house, CENTRE, form)
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
        assert (rows[0]["title"], rows[0]["caller_number"]) == ("'=HYPERLINK(1)", "'+8613800138000"), "no formula"
    elif form == "xlsx":
        sheet = load_workbook(io.BytesIO(raw)).worksheets[0]
        heads, values = ([cell.value for cell in row] for row in sheet.iter_rows())
        rows = [dict(zip(heads, values, strict=True))]  # type: ignore[arg-type]
        assert sheet["F2"].data_type == "s"
        assert rows[0]["title"] == "=HYPERLINK(1)"
    else:
        rows = [json.loads(line) for line in raw.splitlines()]
        assert rows[0]["title"] == "=HYPERLINK(1)"
    assert rows[0]["text"] == "一\n二"
    assert rows[0]["created_at"] == "2025-06-03 09:00:00"
    assert list(rows[0]) == list(COLUMNS)


def test_an_export_knows_what_its_viewer_may_and_is_written_down(house: House) -> None:
    house.create(title="公开")
    secret = house.create(title="保密", confidential=True, caller_name="张三", caller_number="13800138000")
    against = house.create(title="投诉局", accused_unit="bureau")
    house.do(secret, "dispatch", units=["bureau"])
    everything = taken(house, CENTRE, hides=True).decode()
    assert "张三" not in everything
    assert len(everything.splitlines()) == 3
    assert "view" in house.ledger(secret, "access")
    assert "view" in house.ledger(against, "access")
    of_unit = taken(house, handler("bureau")).decode()
    assert [json.loads(line)["title"] for line in of_unit.splitlines()] == ["保密"]
    assert "13800138000" not in of_unit
    with house.db() as session:
        viewer = t.viewer_of(house.desk.current(session), CENTRE)
        lines = [one for one in t.read_ledgers(session, viewer, name="access") if one.ticket_id.startswith("export:")]
    assert [(one.verb, one.by) for one in lines] == [
        ("exported", "bureau-handler"),
        ("export", "bureau-handler"),
        ("exported", "sup1"),
        ("export", "sup1"),
    ]
    assert lines[2].body == {"tickets": 3}


def test_what_went_out_can_come_in_again(house: House, tmp_path: Path) -> None:
    house.create(title="-1 度", kind="help", caller_number="+86138")
    file = tmp_path / "out.csv"
    text = taken(house, CENTRE, "csv").decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["原编号", "title", "kind", "caller_number"])
        writer.writerow([row["number"], row["title"], row["kind"], row["caller_number"]])
    assert bring(house, file) == [(2, "imported", "")]
    again = tickets(house)[row["number"]]
    assert (again.title, again.caller_number) == ("-1 度", "+86138")
