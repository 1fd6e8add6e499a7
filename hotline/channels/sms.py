"""Text messages through any provider's HTTP gateway.

What the provider wants is a setting: the request's fields as JSON, with ``{to}``, ``{text}`` and ``{id}`` where the
number, the text and our own number of the message go; sent as JSON or as a form.  A secret named ``sms`` goes along as
``Authorization: Bearer …``, or wherever ``{secret}`` stands.
"""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from hotline.channels import NotTaken
from hotline.channels.webhook import TIMEOUT
from ticketing import Notice

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
LARGEST_ANSWER = 64 * 1024


def mobile(number: str) -> str | None:
    """The eleven digits of a mainland mobile number in any usual spelling; None for a number that takes no texts."""
    found = _MOBILE.fullmatch(re.sub(r"[\s()-]", "", number))
    return found[1] if found else None


class SmsGateway:
    """Sends one text a request.  ``success`` is searched in a 2xx answer's text; many providers refuse with 200."""

    def __init__(self, url: str, fields: Mapping[str, Any], form: bool, success: str, secret: str) -> None:
        self._url, self._fields, self._form, self._secret = url, fields, form, secret
        self._success = re.compile(success) if success else None

    def send(self, notice: Notice, message_id: int) -> None:
        """Hands it to the provider, or raises OSError or NotTaken."""
        places = {
            "{to}": mobile(notice.to) or notice.to,
            "{text}": notice.text,
            "{id}": str(message_id),
            "{secret}": self._secret,
        }
        fields = _filled(self._fields, places)
        body = urllib.parse.urlencode(fields) if self._form else json.dumps(fields, ensure_ascii=False)
        kind = "application/x-www-form-urlencoded" if self._form else "application/json"
        headers = {"Content-Type": f"{kind}; charset=utf-8"}
        if self._secret and "{secret}" not in json.dumps(self._fields):
            headers["Authorization"] = f"Bearer {self._secret}"
        request = urllib.request.Request(self._url, data=body.encode(), headers=headers)  # noqa: S310 - http(s) only
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            said = answer.read(LARGEST_ANSWER).decode("utf-8", "replace")
        if self._success is not None and not self._success.search(said):
            raise NotTaken("the gateway's answer is not its word for success")


def _filled(value: Any, places: Mapping[str, str]) -> Any:
    """The fields with every place filled in, at any depth."""
    if isinstance(value, Mapping):
        return {name: _filled(inner, places) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, places) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\{(?:to|text|id|secret)\}", lambda place: places[place[0]], value)
    return value
