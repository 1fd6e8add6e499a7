"""Every page that the web app knows can be opened by its address, after a reload too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.routing import compile_path

from agent_desktop import spa

pytestmark = pytest.mark.unit

WEB = Path(__file__).parents[2] / "agent_desktop" / "web" / "src"


def addresses() -> list[str]:
    """The router's addresses, each parameter filled in; a route inside another comes after it in the file."""
    found, outer = [], ""
    for line in (WEB / "router.ts").read_text("utf-8").splitlines():
        for path in re.findall(r"path: '([^']*)'", line):
            if "rest" in path:
                continue
            indent = len(line) - len(line.lstrip())
            outer = path if indent == 10 and line.strip() == f"path: '{path}'," else outer if indent >= 12 else ""
            inner = path if not outer or path == outer else f"{outer}/{path}"
            found.append("/" + inner.strip("/"))
    return found


def served(address: str) -> bool:
    return any(compile_path(page)[0].match(address) for page in spa.PAGES)


def test_the_server_answers_every_address_of_the_router() -> None:
    known = addresses()
    assert {"/login", "/desk", "/voicemail/:voicemailId?", "/survey", "/recordings/quality/:reviewId?"} <= set(known)
    for address in known:
        bare = re.sub(r"/:\w+\?", "", address)
        full = re.sub(r":\w+\??", "5f0c5a64-7d33-4a39-8d0b-0f2f4f0f1a02", address)
        assert served(bare) or bare.endswith(":ticketId"), bare
        assert served(full), full


def test_the_navigation_leads_to_served_pages() -> None:
    links = re.findall(r"to: '(/[^']*)'", (WEB / "shell" / "pages.ts").read_text("utf-8"))
    assert len(links) > 10
    assert [link for link in links if not served(link)] == []
