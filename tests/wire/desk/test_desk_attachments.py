"""Files of tickets over HTTP: taken in whole or not at all, encrypted, seen by whoever sees the ticket."""

from __future__ import annotations

import errno
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

import recordings
import ticketing
from agent_desktop.attachment_files import clean_name
from agent_desktop.tables import AccessRow
from tests.kit.waiting import until
from tests.wire.desk.databases import url  # noqa: F401
from tests.wire.desk.house import LARGEST_FILE, House
from tests.wire.desk.server import Browser, browser_at, error_id, new_ticket

pytestmark = pytest.mark.wire

PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8ffff3f0005fe02fea7a9a4d00000000049454e44ae426082"
)
LETTER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
NAME = "路灯 照片.png"


async def ticket_of(agent: Browser, **fields: object) -> str:
    made = await new_ticket(agent, **fields)
    assert made.status_code == 201, made.text
    return str(made.json()["ticket"]["ticket_id"])


async def put(
    browser: Browser, ticket_id: str, content: bytes | AsyncIterator[bytes] = PHOTO, name: str = NAME, key: str = ""
) -> httpx.Response:
    return await browser.post(
        f"/api/v1/tickets/{ticket_id}/attachments",
        params={"name": name},
        content=content,
        headers={"Idempotency-Key": key or str(uuid4()), "Content-Type": "application/octet-stream"},
    )


async def names(browser: Browser, ticket_id: str) -> list[str]:
    answer = await browser.get(f"/api/v1/tickets/{ticket_id}/attachments")
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["attachments"]]


def on_disk(home: Path) -> list[Path]:
    folders = (home / "attachments", home / "incoming")
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_encrypted_and_comes_back_as_it_was(house: House, agent: Browser, tmp_path: Path) -> None:
    ticket_id = await ticket_of(agent)
    answer = await put(agent, ticket_id)
    assert answer.status_code == 201, answer.text
    made = answer.json()["attachment"]
    assert (made["name"], made["media"], made["size"], made["shown"]) == (NAME, "image/png", len(PHOTO), True)
    assert made["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    (stored,) = on_disk(tmp_path)
    assert PHOTO not in stored.read_bytes()

    path = f"/api/v1/attachments/{made['attachment_id']}"
    saved = await agent.get(path)
    assert (saved.content, saved.headers["content-type"]) == (PHOTO, "image/png")
    assert saved.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME)}"
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in saved.headers["content-security-policy"]
    shown = await agent.get(path, params={"inline": True})
    assert shown.headers["content-disposition"].startswith("inline;")

    with house.read() as session:
        looks = session.scalars(select(AccessRow).where(AccessRow.what == "attachment")).all()
        assert [look.object_id for look in looks] == [made["attachment_id"]], "two reads at once are one look"


async def test_the_history_holds_its_hash_and_not_its_name(agent: Browser) -> None:
    ticket_id = await ticket_of(agent)
    await put(agent, ticket_id)
    history = (await agent.get(f"/api/v1/tickets/{ticket_id}/history")).json()["history"]
    assert (history[0]["verb"], history[0]["body"]["sha256"]) == ("attach", hashlib.sha256(PHOTO).hexdigest())
    assert NAME not in str(history[0]["body"])


async def test_only_images_are_shown_in_a_page(agent: Browser) -> None:
    made = (await put(agent, await ticket_of(agent), LETTER, "信.pdf")).json()["attachment"]
    answer = await agent.get(f"/api/v1/attachments/{made['attachment_id']}", params={"inline": True})
    assert (made["shown"], answer.headers["content-disposition"][:10]) == (False, "attachment")


def office_file(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.txt"),
        (b"MZ" + bytes(400), "photo.png"),
        (b"<html><script>alert(1)</script></html>", "photo.jpg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "photo.svg"),
        (b"\x00\x01\x02 noise", "noise.txt"),
        (office_file("a.txt"), "all.zip"),
        (office_file("word/document.xml", "word/vbaProject.bin"), "letter.docx"),
    ],
)
async def test_a_type_is_told_from_the_content_and_others_leave_nothing(
    agent: Browser, tmp_path: Path, content: bytes, name: str
) -> None:
    ticket_id = await ticket_of(agent)
    answer = await put(agent, ticket_id, content, name)
    assert (answer.status_code, error_id(answer)) == (415, "type_refused")
    assert (await names(agent, ticket_id), on_disk(tmp_path)) == ([], [])


async def test_text_in_the_encoding_of_chinese_offices_is_text(agent: Browser) -> None:
    ticket_id = await ticket_of(agent)
    for encoding in ("utf-8", "gb18030"):
        made = await put(agent, ticket_id, "路灯不亮，已三天。\n".encode(encoding), f"{encoding}.txt")
        assert made.json()["attachment"]["media"] == "text/plain"


async def test_a_file_that_is_too_large_is_refused_however_long_it_says_it_is(agent: Browser, tmp_path: Path) -> None:
    ticket_id = await ticket_of(agent)
    answer = await put(agent, ticket_id, PHOTO + bytes(LARGEST_FILE))
    assert (answer.status_code, error_id(answer)) == (413, "too_large")
    assert answer.json()["error"]["detail"] == {"limit_bytes": LARGEST_FILE}

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_FILE // 65_536 + 1):
            yield bytes(65_536)

    said_nothing = await put(agent, ticket_id, endless())
    assert (said_nothing.status_code, error_id(said_nothing)) == (413, "too_large")
    assert (await names(agent, ticket_id), on_disk(tmp_path)) == ([], [])


async def test_a_larger_body_is_taken_here_alone(agent: Browser) -> None:
    ticket_id = await ticket_of(agent)
    assert (await put(agent, ticket_id, PHOTO + bytes(600_000))).status_code == 201
    elsewhere = await agent.post("/api/v1/tickets", content=bytes(600_000))
    assert error_id(elsewhere) == "too_large"


async def test_an_upload_that_breaks_off_leaves_nothing(agent: Browser, tmp_path: Path) -> None:
    ticket_id = await ticket_of(agent)

    async def broken() -> AsyncIterator[bytes]:
        yield PHOTO
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await put(agent, ticket_id, broken())
    assert await names(agent, ticket_id) == []
    await until(lambda: on_disk(tmp_path) == [], "nothing is left of it")


async def test_the_same_key_again_is_the_same_file(agent: Browser, tmp_path: Path) -> None:
    ticket_id, key = await ticket_of(agent), str(uuid4())
    first, again = [(await put(agent, ticket_id, key=key)).json()["attachment"] for _ in range(2)]
    assert first == again
    other = await put(agent, ticket_id, LETTER, key=key)
    assert other.json()["error"]["detail"]["reason"] == "idempotency_key_reused"
    assert (await names(agent, ticket_id), len(on_disk(tmp_path))) == ([NAME], 1)


async def test_a_full_disk_is_said_and_loses_nothing(
    house: House, agent: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = await ticket_of(agent)

    def full(_self: object, _path: str, _source: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(recordings.EncryptedStore, "put", full)
        answer = await put(agent, ticket_id)
    assert (answer.status_code, error_id(answer)) == (507, "storage_full")
    assert await names(agent, ticket_id) == []
    assert (await put(agent, ticket_id)).status_code == 201


async def test_a_file_that_was_changed_or_has_gone_is_not_given_out(agent: Browser, tmp_path: Path) -> None:
    made = (await put(agent, await ticket_of(agent))).json()["attachment"]
    path = f"/api/v1/attachments/{made['attachment_id']}"
    (stored,) = on_disk(tmp_path)
    whole = stored.read_bytes()
    stored.write_bytes(whole[:20] + b"x" + whole[21:])
    assert (await agent.get(path)).status_code == 410
    stored.unlink()
    assert error_id(await agent.get(path)) == "attachment_lost"


@pytest.fixture
async def units(house: House, agent: Browser) -> AsyncIterator[tuple[Browser, Browser]]:
    """Handlers of two units."""
    house.person("handler", "unit_handler", "u1")
    house.person("stranger", "unit_handler", "west-lake-street")
    async with Browser(agent.port) as first, Browser(agent.port) as second:
        assert (await first.log_in("handler")).status_code == 200
        assert (await second.log_in("stranger")).status_code == 200
        yield first, second


async def test_a_unit_sees_and_adds_files_while_it_has_the_work_and_no_other_does(
    house: House, agent: Browser, units: tuple[Browser, Browser]
) -> None:
    handler, stranger = units
    ticket_id = await ticket_of(agent)
    made = (await put(agent, ticket_id)).json()["attachment"]
    path = f"/api/v1/attachments/{made['attachment_id']}"
    assert error_id(await handler.get(path)) == "not_found", "not dispatched yet"
    matter = await dispatch(house, agent, ticket_id)
    assert matter["works"][0]["attachments"] == [NAME], "listed by its name, to be answered"

    assert (await handler.get(path)).content == PHOTO
    house.clock.forward(minutes=1)
    done = await put(handler, ticket_id, LETTER, "整改.pdf")
    assert done.status_code == 201, done.text
    assert await names(agent, ticket_id) == [NAME, "整改.pdf"]
    for answer in (
        await stranger.get(path),
        await stranger.get(f"/api/v1/tickets/{ticket_id}/attachments"),
        await put(stranger, ticket_id),
        await stranger.get(f"/api/v1/attachments/{uuid4()}"),
    ):
        assert (answer.status_code, error_id(answer)) == (404, "not_found")


async def dispatch(house: House, agent: Browser, ticket_id: str) -> dict[str, list[dict[str, object]]]:
    """To the first unit of :func:`units`."""
    house.person(f"boss-{ticket_id[:8]}", "supervisor")
    async with Browser(agent.port) as boss:
        await boss.log_in(f"boss-{ticket_id[:8]}")
        given = {"units": [{"unit": "u1", "role": "lead"}], "mode": "phone"}
        answer = await boss.make(f"/api/v1/tickets/{ticket_id}/acts", {"verb": "dispatch", "given": given})
    assert answer.status_code == 200, answer.text
    found: dict[str, list[dict[str, object]]] = answer.json()["matter"]
    return found


async def test_a_confidential_callers_letter_is_kept_from_whom_the_caller_is(
    house: House, agent: Browser, units: tuple[Browser, Browser]
) -> None:
    handler, _ = units
    ticket_id = await ticket_of(agent, confidential=True)
    letter = (await put(agent, ticket_id, LETTER, "王某的信.pdf")).json()["attachment"]
    matter = await dispatch(house, agent, ticket_id)
    assert matter["works"][0]["attachments"] == []
    house.clock.forward(minutes=1)
    await put(handler, ticket_id, name="现场.png")
    assert await names(handler, ticket_id) == ["现场.png"]
    assert error_id(await handler.get(f"/api/v1/attachments/{letter['attachment_id']}")) == "not_found"
    assert await names(agent, ticket_id) == ["王某的信.pdf", "现场.png"]
    async with browser_at(house) as other:
        await other.log_in("agent2")
        assert await names(other, ticket_id) == ["现场.png"]
        house.clock.forward(minutes=1)
        await put(other, ticket_id, name="补充.png")
        assert await names(other, ticket_id) == ["现场.png", "补充.png"], "and what one put in oneself"


async def test_a_recused_person_is_answered_as_if_there_were_none(house: House, agent: Browser) -> None:
    ticket_id = await ticket_of(agent)
    made = (await put(agent, ticket_id)).json()["attachment"]
    recusal = {"scope": "ticket", "scope_id": ticket_id, "reason": "亲属"}
    assert (await agent.post("/api/v1/recusals", json=recusal)).status_code < 300
    for answer in (
        await agent.get(f"/api/v1/attachments/{made['attachment_id']}"),
        await agent.get(f"/api/v1/tickets/{ticket_id}/attachments"),
        await put(agent, ticket_id),
    ):
        assert error_id(answer) == "not_found"
    with house.read() as session:
        lines = ticketing.history(session, ticket_id, ledger="access")
        refusals = [line for line in lines if (line.verb, dict(line.body)) == ("refuse", {"how": "attachment"})]
        assert len(refusals) == 2, "the file that was asked for, and the one that was brought"


async def test_whoever_only_counts_tickets_sees_no_file(house: House, agent: Browser) -> None:
    made = (await put(agent, await ticket_of(agent))).json()["attachment"]
    async with Browser(agent.port) as root:
        await root.log_in("root")
        answer = await root.get(f"/api/v1/attachments/{made['attachment_id']}")
        assert error_id(answer) in ("forbidden", "not_found")


HOSTILE = [
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\x\\照片.jpg", "照片.jpg"),
    ("photo\u202egnp.exe", "photognp.exe"),
    ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
    ("...", ""),
    ("x" * 300 + ".png", "x" * 196 + ".png"),
]


@pytest.mark.parametrize(("name", "kept"), HOSTILE)
def test_a_name_keeps_no_folder_and_nothing_unseen(name: str, kept: str) -> None:
    assert clean_name(name) == kept


async def test_rows_are_counted_to_a_limit(agent: Browser, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ticketing.attachments.MOST_FILES", 1)
    ticket_id = await ticket_of(agent)
    for _ in range(2):
        assert (await put(agent, ticket_id, key="the-last-one")).status_code == 201, "again, when the answer was lost"
    assert (await put(agent, ticket_id)).json()["error"]["detail"]["reason"] == "too_many"
    assert not (await agent.get(f"/api/v1/tickets/{ticket_id}/attachments")).json()["may_add"]
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(ticketing.Base.metadata.tables["tkt_attachment"])) == 1


async def test_files_kept_and_refused_are_counted(agent: Browser) -> None:
    def count(text: str, name: str) -> float:
        lines = [line for line in text.splitlines() if line.startswith(name)]
        return float(lines[0].rsplit(" ", 1)[1]) if lines else 0.0

    counted = (
        'hotline_desk_attachments_total{outcome="kept"}',
        'hotline_desk_attachments_total{outcome="type_refused"}',
        "hotline_desk_attachment_bytes_total",
    )
    ticket_id = await ticket_of(agent)
    before = (await agent.get("/metrics")).text
    assert (await put(agent, ticket_id, key="once")).status_code == 201
    assert (await put(agent, ticket_id, key="once")).status_code == 201, "sent again: counted once"
    assert (
        error_id(await put(agent, ticket_id, b"<html><script>alert(1)</script></html>\x00", "x.html")) == "type_refused"
    )
    after = (await agent.get("/metrics")).text
    assert [count(after, name) - count(before, name) for name in counted] == [1, 1, len(PHOTO)]
