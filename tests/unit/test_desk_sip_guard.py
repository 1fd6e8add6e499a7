"""Which SIP a page may send through the desk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desktop.sip_guard import refusal

pytestmark = pytest.mark.unit


def message(start: str, *headers: str) -> str:
    return "\r\n".join((start, "Via: SIP/2.0/WS abc.invalid", *headers, "", ""))


def register(user: str = "8001", to: str = "8001", *more: str) -> str:
    addresses = f"From: <sip:{user}@desk.invalid>;tag=1", f"To: <sip:{to}@desk.invalid>"
    return message("REGISTER sip:desk.invalid SIP/2.0", *addresses, *more)


DIGEST = 'Authorization: Digest algorithm=MD5, username="{}", realm="asterisk", nonce="1", uri="sip:x", response="y"'


@pytest.mark.parametrize(
    "text",
    [
        "\r\n\r\n",
        "\r\n",
        register(),
        register("8001", "8001", DIGEST.format("8001")),
        message("INVITE sip:12345@x SIP/2.0", 'From: "8002" <sip:8001@x>;tag=1', "To: <sip:12345@x>"),
        message("INVITE sip:12345@x SIP/2.0", "f: <sip:8001@x>;tag=1", "t: <sip:12345@x>"),
        message("INVITE sip:12345@x SIP/2.0", "From: sip:8001@x;tag=1", "To: <sip:12345@x>"),
        message("INVITE sip:12345@x SIP/2.0", 'FROM: "a \\" <sip:9@x>" <sip:8001@x>;tag=1', "To: <sip:1@x>"),
        message("SIP/2.0 200 OK", "From: <sip:13800138000@x>;tag=1", "To: <sip:8001@x>;tag=2"),
        message("BYE sip:asterisk@127.0.0.1 SIP/2.0", "From: <sip:8001@x>;tag=1", "To: <sip:12345@x>;tag=2"),
    ],
)
def test_the_own_phone_may_speak(text: str) -> None:
    assert refusal(text, "8001") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (register("8002"), "From is not the own extension"),
        (register("8001", "8002"), "To is not the own extension"),
        (register("80011"), "From is not the own extension"),
        (register("8001", "8001", DIGEST.format("8002")), "credentials of another user"),
        (register("8001", "8001", DIGEST.format("8001"), DIGEST.format("8002")), "credentials of another user"),
        (register("8001", "8001", "From: <sip:8002@x>"), "From is not the own extension"),
        (register("8001", "8001", "f: <sip:8002@x>"), "From is not the own extension"),
        (register("8001", "8001", " <sip:8002@x>"), "a folded header"),
        (message("INVITE sip:1@x SIP/2.0", "To: <sip:1@x>"), "From is not the own extension"),
        (message("INVITE sip:1@x SIP/2.0", 'From: "<sip:8001@x>" <sip:8002@x>'), "From is not the own extension"),
        (message("INVITE sip:1@x SIP/2.0", "From: <tel:8001>"), "From is not the own extension"),
        (message("INVITE sip:1@x SIP/2.0", "From: <sip:8002%400@x>, <sip:8001@x>"), "From is not the own extension"),
        ("GET / HTTP/1.1\r\n\r\n", "not a SIP message"),
        ("hello", "not a SIP message"),
        ("\x00\r\n\r\nx", "not a SIP message"),
    ],
)
def test_nobody_else_may(text: str, why: str) -> None:
    assert refusal(text, "8001") == why


@given(st.text(max_size=400))
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = refusal(text, "8001")
    assert verdict is None or verdict


@given(user=st.from_regex(r"[0-9A-Za-z._%-]{1,12}", fullmatch=True))
def test_only_the_very_same_extension_passes(user: str) -> None:
    assert (refusal(register(user, user), "8001") is None) == (user == "8001")
