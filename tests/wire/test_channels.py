"""Text messages and e-mail about real tickets, handed to a real gateway and a real mail server."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

import ticketing as t
from hotline import relay
from hotline.channels import Channel
from hotline.channels.email import MailServer, address
from hotline.channels.notices import NoticeChannel
from hotline.channels.setup import channels
from hotline.channels.sms import SmsGateway, mobile
from hotline.settings import Settings
from hotline.switch import certificate
from tests.kit.http_receiver import Receiver, receiver  # noqa: F401
from tests.kit.smtp_server import SmtpServer, smtp_server
from tests.kit.tickets import UNITS, House, engine  # noqa: F401
from ticketing.office import bare_office
from ticketing.tables_voicemail import VoicemailRow

pytestmark = pytest.mark.wire

FIELDS = {"phones": ["{to}"], "msg": {"content": "{text}"}, "id": "{id}"}


@pytest.fixture
def house(engine: Engine) -> House:  # noqa: F811
    """An office whose bureau is told by text message and by e-mail."""
    made = House(engine, "demo")
    contacts = {"bureau": {"mobile": "13700137000", "email": "desk@bureau.example"}}
    units = [
        {"unit_id": one.unit_id, "zh": one.zh, "en": one.en, "kind": one.kind, "parent": one.parent}
        | contacts.get(one.unit_id, {})
        for one in UNITS
    ]
    with made.db.begin() as session:
        assert t.change_setting(session, "units", {"units": units}, 0, "root", made.now) == 1
    return made


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    certificate.ensure(folder / "c.pem", folder / "k.pem", [])
    return folder / "c.pem", folder / "k.pem"


@pytest.fixture
def mails(pair: tuple[Path, Path]) -> Iterator[SmtpServer]:
    with smtp_server(*pair) as server:
        yield server


def sms(house: House, receiver: Receiver, *, form: bool = False, success: str = "", secret: str = "") -> Channel:  # noqa: F811
    fields = {"to": "{to}", "text": "{text}", "key": "{secret}"} if form else FIELDS
    gateway = SmsGateway(receiver.url, fields, form, success, secret)
    return NoticeChannel("sms", house.db, house.desk.current, gateway.send, lambda to: mobile(to) is not None)


def mail(house: House, mails: SmtpServer, pair: tuple[Path, Path]) -> Channel:
    context = ssl.create_default_context(cafile=str(pair[0]))
    server = MailServer("127.0.0.1", mails.port, "starttls", "hotline@city.example", context=context)
    return NoticeChannel("email", house.db, house.desk.current, server.send, address)


def run(house: House, **channels: Channel) -> dict[str, int]:
    """Relays until nothing is due any more."""
    while relay.relay_step(house.db, channels, lambda: house.now):
        pass
    with house.db() as session:
        return t.outbox_counts(session)


def test_the_caller_is_told_number_and_code(house: House, receiver: Receiver) -> None:  # noqa: F811
    ticket = house.create(caller_number="138-0013-8000")
    assert run(house, sms=sms(house, receiver))["dead"] == 0
    [(_, body)] = receiver.posted
    said = json.loads(body)
    assert said["phones"] == ["13800138000"]
    assert ticket.number in said["msg"]["content"]
    with house.db.begin() as session:
        viewer = t.viewer_of(house.desk.current(session), t.Actor("op1", frozenset({"operator"})))
        code = t.query_code(session, ticket.ticket_id, viewer, house.now)
    assert code is not None
    assert code[0] in said["msg"]["content"]


@pytest.mark.parametrize("values", [{"confidential": True}, {"no_reply": True}, {"caller_number": "0871-63123456"}])
def test_some_callers_get_no_text(house: House, receiver: Receiver, values: dict[str, object]) -> None:  # noqa: F811
    house.create(**{"caller_number": "13800138000"} | values)
    run(house, sms=sms(house, receiver))
    assert receiver.posted == []


def test_the_unit_gets_a_text_and_an_encrypted_mail(
    house: House,
    receiver: Receiver,  # noqa: F811
    mails: SmtpServer,
    pair: tuple[Path, Path],
) -> None:
    ticket = house.create(kind="help", title="内部标题")
    house.do(ticket, "dispatch", units=["bureau"])
    run(house, sms=sms(house, receiver), email=mail(house, mails, pair))
    [(_, body)] = receiver.posted
    assert json.loads(body)["phones"] == ["13700137000"]
    [(encrypted, to, raw)] = mails.mails
    assert encrypted
    assert to == ["desk@bureau.example"]
    message = message_from_bytes(raw, policy=default)
    assert ticket.number in message["Subject"]
    text = message.get_content()
    assert "局：" in text
    assert "办理期限 20" in text
    assert "内部标题" not in text


def test_no_unit_hears_of_a_complaint_about_itself(house: House, receiver: Receiver) -> None:  # noqa: F811
    ticket = house.create()
    house.do(ticket, "dispatch", units=["bureau"])
    house.do(ticket, "name_accused", unit="bureau")
    run(house, sms=sms(house, receiver))
    assert receiver.posted == []


def test_a_channel_that_fails_is_tried_alone_until_it_is_dead(
    house: House,
    receiver: Receiver,  # noqa: F811
    mails: SmtpServer,
    pair: tuple[Path, Path],
) -> None:
    ticket = house.create()
    house.do(ticket, "dispatch", units=["bureau"])
    mails.refuse = True
    ways = {"sms": sms(house, receiver), "email": mail(house, mails, pair)}
    run(house, **ways)
    mails.refuse = False
    house.later(minutes=1)
    run(house, **ways)
    assert len(receiver.posted) == 1, "the text was not sent again with the mail"
    assert len(mails.mails) == 1
    receiver.status = 500
    house.do(house.create(), "dispatch", units=["bureau"])
    for _ in range(14):
        run(house, **ways)
        house.later(hours=2)
    with house.db() as session:
        [dead] = t.outbox_page(session, "dead", None, 10)
    assert (dead.event.channel, dead.event.event, dead.problem) == ("sms", "work_delivered", "answer 500")


def test_a_gateway_that_refuses_with_200_is_not_believed(house: House, receiver: Receiver) -> None:  # noqa: F811
    house.create(caller_number="13800138000")
    receiver.says = b'{"code": 7}'
    channel = sms(house, receiver, success='"code": *0\\b')
    assert run(house, sms=channel)["waiting"] == 1
    receiver.says = b'{"code": 0}'
    house.later(minutes=5)
    assert run(house, sms=channel)["waiting"] == 0
    assert len({json.loads(body)["id"] for _, body in receiver.posted}) == 1


def test_a_form_and_a_secret_in_it(house: House, receiver: Receiver) -> None:  # noqa: F811
    house.create(caller_number="13800138000")
    run(house, sms=sms(house, receiver, form=True, secret="s3"))
    [(headers, body)] = receiver.posted
    assert parse_qs(body.decode())["key"] == ["s3"]
    assert "Authorization" not in headers


def test_an_office_writes_its_own_texts_at_run_time(house: House, receiver: Receiver) -> None:  # noqa: F811
    own = {"id": "x", "on": "ticket_created", "by": "sms", "to": "caller", "text": "{number} ok"}
    with house.db.begin() as session:
        assert t.change_setting(session, "messages", {"message": [own]}, 0, "root", house.now) == 1
    ticket = house.create(caller_number="13800138000")
    run(house, sms=sms(house, receiver))
    assert json.loads(receiver.posted[0][1])["msg"]["content"] == f"{ticket.number} ok"


def test_whoever_keeps_the_voice_messages_is_told_that_they_wait(
    house: House,
    receiver: Receiver,  # noqa: F811
    mails: SmtpServer,
    pair: tuple[Path, Path],
) -> None:
    section = next(one.zh for one in UNITS if one.unit_id == "bureau")
    with house.db.begin() as session:
        for number, (whose, minutes) in enumerate(((section, 61), (section, 90), ("", 70), ("夜班", 5))):
            left = house.now - timedelta(minutes=minutes)
            session.add(
                VoicemailRow(
                    voicemail_id=f"v{number}", contact_id="c", left_at=left, seconds=9, silent=False, section=whose
                )
            )
    hour = timedelta(hours=1)

    def remind() -> int:
        with house.db.begin() as session:
            return t.remind_voicemail(session, house.now, hour)

    assert [remind(), remind()] == [3, 0]
    run(house, sms=sms(house, receiver), email=mail(house, mails, pair))
    [(_, body)] = receiver.posted  # of the others' list nobody is named yet
    said = json.loads(body)
    assert said["phones"] == ["13700137000"]
    assert said["msg"]["content"].startswith(f"【12345热线】{section}有2条语音留言")
    assert "90分钟" in said["msg"]["content"]
    [(_, to, _)] = mails.mails
    assert to == ["desk@bureau.example"]

    own = {"id": "x", "on": "voicemail_waiting", "by": "sms", "to": "keeper", "text": "{messages}"}
    with house.db.begin() as session:
        named = {"message": [own | {"address": "13900139000"}]}
        assert t.sections_untold(house.desk.current(session), house.now) == ("",)
        assert t.change_setting(session, "messages", named, 0, "root", house.now) == 1
        assert t.sections_untold(house.desk.current(session), house.now) == ()
    house.now += hour
    assert remind() == 4
    run(house, sms=sms(house, receiver))
    told = [(one["phones"], one["msg"]["content"]) for one in (json.loads(body) for _, body in receiver.posted[1:])]
    assert sorted(told) == [(["13700137000"], "2"), (["13900139000"], "1"), (["13900139000"], "1")]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"to": "keeper"}, "voicemail_waiting"),
        ({"on": "voicemail_waiting"}, "keeper"),
        ({"on": "voicemail_waiting", "to": "keeper", "text": "{number}"}, "number"),
        ({"text": "{caller_name}"}, "caller_name"),
        ({"text": "{number.__class__}"}, "number.__class__"),
        ({"on": "nothing"}, "nothing"),
        ({"by": "email"}, "e-mail"),
        ({"by": "fax"}, "sms or email"),
        ({"wrong": 1}, "wrong"),
    ],
)
def test_a_text_with_a_mistake_is_refused_and_named(house: House, change: dict[str, object], named: str) -> None:
    own = {"id": "x", "on": "ticket_created", "by": "sms", "to": "caller", "text": "ok"} | change
    with house.db.begin() as session:
        answer = t.change_setting(session, "messages", {"message": [own]}, 0, "root", house.now)
    assert isinstance(answer, t.Refused)
    assert named in answer.detail["problem"]


def test_numbers_and_addresses_that_nothing_reaches() -> None:
    assert mobile("+86 138 0013 8000") == "13800138000"
    assert [mobile(one) for one in ("0871-63123456", "12800138000", "", "anonymous")] == [None] * 4
    assert [address(one) for one in ("a@b.cn", "a@b", "a b@c.cn", "", "a@b.cn\nBcc: x@y.cn")] == [True] + [False] * 4


def test_settings_decide_which_ways_out_there_are(tmp_path: Path) -> None:
    def names(**given: object) -> set[str]:
        settings = Settings(home=tmp_path, **given)  # type: ignore[arg-type]
        return set(channels(settings, sessionmaker(), lambda _session: bare_office()))

    assert names() == set()
    every = {"webhook_url": "https://a.example/", "sms_url": "https://b.example/", "smtp_server": "mail.example:587"}
    assert names(**every) == {"webhook", "sms", "email"}
    with pytest.raises(ValidationError, match="not a JSON object"):
        names(sms_fields="[]")
    with pytest.raises(ValidationError, match="regular expression"):
        names(sms_success="(")
