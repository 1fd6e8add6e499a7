"""What a handling unit is told before it joins a call: the IVR's recorded words, put together by its rules."""

from __future__ import annotations

from pathlib import Path

import ivr

_LANGUAGE = "zh"


def brief(prompts: Path, kind: str, tail: str, ticket_number: str) -> tuple[str, ...]:
    """Sound files in order: who we are, what kind of request, the caller's last digits, the ticket's number.

    ``prompts`` is the city's folder of recordings; a prompt that it does not have is left out.
    """
    words = ["greeting", "brief-call"]
    if kind:
        words.append(f"brief-{kind}")
    if tail.isdigit():
        words += ["brief-tail", *ivr.spoken_code(tail)]
    if ticket_number:
        words += ["brief-ticket", *ivr.spoken_code("".join(one for one in ticket_number if one.isdigit()))]
    there = [word for word in words if (prompts / _LANGUAGE / f"{word}.wav").is_file()]
    return tuple(f"city/{_LANGUAGE}/{word}" for word in there)
