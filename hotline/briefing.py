"""What a handling unit is told before it joins a call: the IVR's recorded words, put together by its rules."""

from __future__ import annotations

from pathlib import Path

import ivr

_LANGUAGE = "zh"


def brief(prompts: Path, kind: str, tail: str, ticket_number: str) -> tuple[str, ...]:
    """Sound files in order: who calls, what kind of request, the caller's last digits, the ticket's number.

    ``prompts`` is the city's folder of recordings.  The greeting and the ticket's number are always told; a city that
    records ``brief-call``, ``brief-<kind>`` and ``brief-tail`` has them told, too, and with ``brief-ticket`` only the
    number's last four digits: the citizen is on hold meanwhile (docs/ivr.md).
    """
    recorded = {path.stem for path in (prompts / _LANGUAGE).glob("*.wav")}
    words = [word for word in ("greeting", "brief-call", f"brief-{kind}") if word in recorded]
    if "brief-tail" in recorded and tail.isdigit():
        words += ["brief-tail", *ivr.spoken_code(tail)]
    digits = "".join(one for one in ticket_number if one.isdigit())
    if digits and "brief-ticket" in recorded:
        words += ["brief-ticket", *ivr.spoken_code(digits[-4:])]
    elif digits:
        words += ["ticket-number", *ivr.spoken_code(digits)]
    return tuple(f"city/{_LANGUAGE}/{word}" for word in words)
