"""What surrounds every request: size limit, same-origin check, security headers, measurements.

Plain ASGI, so that streaming answers and WebSockets pass without being buffered.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from prometheus_client import Counter
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent_desktop.access import CSRF_HEADER, CSRF_VALUE
from agent_desktop.errors import DeskError
from agent_desktop.metrics import REQUESTS

log = logging.getLogger(__name__)

UNEXPECTED = Counter("hotline_desk_unexpected_errors", "Requests that ended in an exception nobody expected")

LARGEST_BODY = 256 * 1024
"""Bytes; a ticket's longest text is 20,000 characters."""

FILE_ADDRESS = re.compile(r"/api/v1/tickets/[^/]{1,64}/attachments")
"""Where a body is a whole file, streamed to the disk as it comes; its limit is the office's."""

MACHINES = "/api/v1/machine/"
"""Opened by tokens alone and by no cookie, so that no page can make somebody's browser do anything there."""

CLOSE = {"connection": "close"}
"""Else the server would go on reading what nobody wants; a browser then sees a broken line instead of the answer."""

LARGEST_DRAINED = 8 * 1024 * 1024
"""Up to here the rest of a body is read and thrown away, so that the browser gets its answer."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the component library sets styles from scripts
        "img-src 'self' data: blob:",
        "media-src 'self' blob: mediastream:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "x-frame-options": "DENY",
}


def same_origin(scope: Scope) -> bool:
    """Whether a request that names its origin comes from this very site (browsers always name it)."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False


class Guards:
    """The outermost layer of the desk's application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        seen: dict[str, Any] = {"status": 500, "started": False}
        guarded_send = _sender(scope, send, seen)
        try:
            refusal = _refusal(scope)
            if refusal is not None:
                await refusal.response()(scope, receive, guarded_send)
            else:
                await self.app(scope, _limited(receive, _largest(scope)), guarded_send)
        except Exception:  # whatever it was, the page gets the one shape of errors: logged, counted
            UNEXPECTED.inc()
            log.exception("unexpected error in %s %s", scope["method"], _route(scope))
            if seen["started"]:
                raise  # the server has to break the connection off, else half an answer looks whole
            await DeskError("internal").response()(scope, receive, guarded_send)
        finally:
            path = _route(scope)
            REQUESTS.labels(scope["method"] if path != "other" else "any", path, seen["status"]).observe(
                time.perf_counter() - began
            )


def _route(scope: Scope) -> str:
    """The route's pattern: an address itself may hold ids, and there are too many of them for a label."""
    return getattr(scope.get("route"), "path", "other")


def _refusal(scope: Scope) -> DeskError | None:
    headers = Headers(scope=scope)
    by_cookie = scope["method"] not in SAFE_METHODS and not scope["path"].startswith(MACHINES)
    if by_cookie and (headers.get(CSRF_HEADER) != CSRF_VALUE or not same_origin(scope)):
        return DeskError("csrf", header=f"X-Requested-With: {CSRF_VALUE}")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return DeskError("bad_body")
    largest = _largest(scope)
    if len(length) > 12 or int(length) > largest:
        endless = len(length) > 12 or int(length) > LARGEST_DRAINED
        return DeskError("too_large", headers=CLOSE if endless else None, limit_bytes=largest)
    return None


def _largest(scope: Scope) -> int:
    if scope["method"] == "POST" and FILE_ADDRESS.fullmatch(scope["path"]):
        return int(scope["app"].state.doors.attachments.largest)
    return LARGEST_BODY


def _limited(receive: Receive, largest: int) -> Receive:
    got = 0

    async def limited() -> Message:
        nonlocal got
        message = await receive()
        if message["type"] == "http.request":
            got += len(message.get("body", b""))
            if got > largest:
                raise HTTPException(413, headers=CLOSE)
        return message

    return limited


def _sender(scope: Scope, send: Send, seen: MutableMapping[str, Any]) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen["status"] = message["status"]
            seen["started"] = True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if scope.get("scheme") == "https":
                headers.setdefault("strict-transport-security", "max-age=31536000")
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return guarded
