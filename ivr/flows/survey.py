"""How was the call?  One key after the agent has hung up, and a few words for whoever has some.

Whatever is cut leaves what was said until then: asked, answered, commented are noted one by one.
"""

from __future__ import annotations

from ivr.menu import GOODBYE, SURVEY, SURVEY_COMMENT, SurveyRules
from ivr.verbs import Flow, GetData, Keys, Play, Record, Tell

SCORES = "12345"
ASKED = "asked"
TRIES = 2
"""Times the question is put to somebody who presses a wrong key; silence is an answer too and ends it."""
COMMENT_SILENCE = 4.0


def survey(contact: str, base: str, rules: SurveyRules) -> Flow:
    """The flow for one caller; a comment is recorded into ``base``."""
    yield Tell("survey", f"{contact} {ASKED}")
    for _ in range(TRIES):
        answer = yield GetData((SURVEY,), rules.wait_seconds)
        keys = answer if isinstance(answer, Keys) else Keys()
        if keys.digits and keys.digits in SCORES:
            yield Tell("survey", f"{contact} {keys.digits}")
            if rules.comment:
                yield Play((SURVEY_COMMENT,))
                yield Record(base, rules.comment_seconds, COMMENT_SILENCE)
            break
        if keys.timed_out:
            break
    yield Play((GOODBYE,))
