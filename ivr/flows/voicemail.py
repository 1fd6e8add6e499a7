"""A voice message: record, listen back, record again, keep.  Hanging up keeps it at any moment.

The dialplan takes the message by itself when this flow ends without saying ``HL_VOICEMAIL`` (docs/switch.md): a path
that is cut anywhere loses no message.
"""

from __future__ import annotations

from collections.abc import Generator

from ivr.menu import VOICEMAIL, VOICEMAIL_EMPTY, VOICEMAIL_REVIEW, VoicemailRules
from ivr.verbs import Answer, Flow, GetData, Keys, Play, PlayBack, Record, Recorded, SetVariables, Verb

LISTEN, AGAIN = "1", "2"
SHORTEST = 0.8
"""Seconds of recording below which nothing was said: a breath, a key."""
REVIEW_SECONDS = 5.0
"""How long a caller who presses nothing is waited for."""
MOST_REVIEWS = 6
"""Times the choice is offered for one take; then it is kept."""


def voicemail(base: str, rules: VoicemailRules) -> Flow:
    """The flow of one message.  Take ``n`` is recorded into ``<base>-n``; the last one with a voice on it counts."""
    kept = False
    empty = 0
    for take in range(1, rules.takes + 1):
        yield Play((VOICEMAIL,))
        recorded = yield Record(f"{base}-{take}", rules.seconds, rules.silence_seconds)
        if not isinstance(recorded, Recorded) or not recorded.ok:
            return  # the dialplan tries by itself
        if recorded.seconds < SHORTEST:
            empty += 1
            yield Play((VOICEMAIL_EMPTY,))
            if empty > rules.empty_takes:
                break
            continue
        kept = True
        last = take == rules.takes
        if not rules.review or not (yield from _again(f"{base}-{take}", recorded.seconds, last=last)):
            break
    yield SetVariables((("HL_VOICEMAIL", "kept" if kept else "empty"),))


def _again(file: str, seconds: float, *, last: bool) -> Generator[Verb, Answer, bool]:
    """Whether the caller wants to record again.  Silence, ``#`` and any other key keep the take."""
    for _ in range(MOST_REVIEWS):
        answer = yield GetData((VOICEMAIL_REVIEW,), REVIEW_SECONDS)
        pressed = answer.digits if isinstance(answer, Keys) else ""
        if pressed == LISTEN:
            yield PlayBack(file, seconds)
        else:
            return pressed == AGAIN and not last
    return False
