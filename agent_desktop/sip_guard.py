"""Which SIP messages a browser may send through the desk.  Pure: text in, verdict out.

Asterisk still authenticates every request by digest; this only makes sure that a page cannot even try to speak for
another extension than its own (RFC 3261 §20.20 From, §20.39 To, §22.4 Authorization).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

LARGEST_MESSAGE = 64 * 1024

_REQUEST_LINE = re.compile(r"([A-Z]{3,16}) (\S{1,2048}) SIP/2\.0")
_STATUS_LINE = re.compile(r"SIP/2\.0 \d{3} ")
_USER = re.compile(r"sips?:([^@;?>\s]{1,128})@", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_DIGEST_USER = re.compile(r'username\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_COMPACT = {"f": "from", "t": "to"}


def refusal(message: str, extension: str) -> str | None:
    """Why the page of ``extension`` may not send ``message``; None when it may."""
    if not message.strip("\r\n"):
        return None  # keep-alive, RFC 5626 §3.5.1
    head, *lines = re.split(r"\r\n|\n|\r", message.partition("\r\n\r\n")[0])
    if _STATUS_LINE.match(head):
        return None
    request = _REQUEST_LINE.fullmatch(head)
    if request is None:
        return "not a SIP message"
    headers: dict[str, list[str]] = {}
    for line in lines:
        if line[:1] in (" ", "\t"):
            return "a folded header"
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            headers.setdefault(_COMPACT.get(name, name), []).append(value.strip())
    if _users(headers.get("from", [])) != [extension]:
        return "From is not the own extension"
    if request[1] == "REGISTER" and _users(headers.get("to", [])) != [extension]:
        return "To is not the own extension"
    for name in ("authorization", "proxy-authorization"):
        if any(_DIGEST_USER.findall(value) != [extension] for value in headers.get(name, [])):
            return "credentials of another user"
    return None


def _users(values: list[str]) -> list[str | None]:
    """The user part of each address; None where there is none.  Display names are set aside first."""
    users: list[str | None] = []
    for value in values:
        found = _USER.search(_QUOTED.sub("", value))
        users.append(unquote(found[1]) if found else None)
    return users
