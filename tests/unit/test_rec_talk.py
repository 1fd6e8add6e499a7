"""Talk-over and silence from a waveform; scores and phrases from a scorecard: numbers in, numbers out."""

from __future__ import annotations

from typing import Any

import pytest

from recordings import SHIPPED_SCORECARD, Scorecard, find_phrases, read_scorecard
from recordings.parts import Part
from recordings.scorecard import BadAnswers, score
from recordings.search_index import groups, terms
from recordings.talk import measure_talk

pytestmark = pytest.mark.unit

RATE = 50.0
FORM = read_scorecard(SHIPPED_SCORECARD.read_text("utf-8"))
assert isinstance(FORM, Scorecard)


def waveform(seconds: float, **legs: list[tuple[float, float, float]]) -> dict[str, Any]:
    """(from, to, loudness) of each leg."""
    peaks = {}
    for leg, spans in legs.items():
        points = [0.0] * int(seconds * RATE)
        for start, end, loud in spans:
            points[int(start * RATE) : int(end * RATE)] = [loud] * (int(end * RATE) - int(start * RATE))
        peaks[leg] = points
    return {"seconds": seconds, "points_per_second": RATE, "peaks": peaks}


def test_both_speak_and_nobody_speaks() -> None:
    talk = measure_talk(waveform(20, citizen=[(1, 5, 0.5)], other=[(4, 8, 0.3), (15, 19, 0.3)]))
    assert talk.talk_overs == ((4.0, 5.0),)
    assert talk.silences == ((8.0, 15.0),)
    assert (talk.talk_over_seconds, talk.longest_silence) == (1.0, 7.0)
    assert (talk.citizen_seconds, talk.other_seconds) == (4.0, 8.0)


def test_a_nod_is_no_interruption_and_a_pause_in_a_sentence_no_silence() -> None:
    talk = measure_talk(waveform(12, citizen=[(0, 3, 0.5), (3.3, 6, 0.5), (8, 12, 0.5)], other=[(1, 1.3, 0.5)]))
    assert (talk.talk_overs, talk.silences) == ((), ())


def test_a_quiet_line_has_quiet_speech_and_noise_is_none() -> None:
    assert measure_talk(waveform(5, citizen=[(1, 3, 0.03)], other=[])).citizen_seconds == 2.0
    assert measure_talk(waveform(5, citizen=[(0, 5, 0.01)], other=[])).citizen_seconds == 0.0


def test_music_while_waiting_talks_over_nobody() -> None:
    parts = [Part(0, 10, "queue", None), Part(10, 20, "agent", "a1")]
    talk = measure_talk(waveform(20, citizen=[(2, 4, 0.5), (12, 14, 0.5)], other=[(0, 10, 0.5), (13, 15, 0.5)]), parts)
    assert talk.talk_overs == ((13.0, 14.0),)
    assert talk.other_seconds == 2.0


def test_no_voices_at_all() -> None:
    assert measure_talk(waveform(0)).silences == ()
    assert measure_talk(waveform(30, citizen=[], other=[])).longest_silence == 30.0


def said(leg: str, start: float, text: str) -> dict[str, Any]:
    return {"leg": leg, "start": start, "end": start + 2, "text": text}


def test_an_announcement_greets_but_is_no_agent() -> None:
    segments = [said("other", 0, "您好欢迎致电"), said("other", 12, "请讲"), said("citizen", 15, "不知道 你去找别人")]
    parts = [Part(0, 10, "queue", None), Part(10, 20, "agent", "a1")]
    found = {one.kind: one.present for one in find_phrases(FORM, segments, parts)}
    assert found == {"opening": False, "closing": False}
    assert {one.kind: one.present for one in find_phrases(FORM, segments)}["opening"] is True
    assert find_phrases(FORM, []) == []


def test_forbidden_words_are_heard_through_the_blanks_of_a_recogniser() -> None:
    (hit,) = [one for one in find_phrases(FORM, [said("other", 3, "这个 不 归 我们 管")]) if one.kind == "forbidden"]
    assert (hit.phrase, hit.start) == ("不归我们管", 3)


def test_scores() -> None:
    most = {name: point.most for name, point in FORM.points.items()}
    assert (score(FORM, most, []).score, score(FORM, most, []).passed) == (100.0, True)
    assert score(FORM, most | {"understood": 0}, []).score == 80.0
    assert score(FORM, most | {"understood": 0, "tone": 14}, []).passed is False
    assert score(FORM, most, ["rude"]).score == 0.0
    with pytest.raises(BadAnswers):
        score(FORM, {}, [])


@pytest.mark.parametrize(
    "wrong",
    ["", "version = 1", "[[sections]]", 'version = "1"\npass_mark = 101', "nonsense = ", 'version = "1"\nx = 1'],
)
def test_a_form_that_cannot_be_used_says_why(wrong: str) -> None:
    assert isinstance(read_scorecard(wrong), list)
    assert read_scorecard(wrong) != []


def test_a_name_used_twice_is_no_form() -> None:
    text = SHIPPED_SCORECARD.read_text("utf-8").replace('id = "tone"', 'id = "answer"')
    assert isinstance(read_scorecard(text), list)


def test_what_is_cut_for_the_index() -> None:
    assert terms("路灯 不亮ABC 3号") == ["路灯", "灯不", "不亮", "abc", "3", "号"]
    assert terms("가로등 고장＊＊ سۇ") == ["가로등", "고장", "＊＊", "سۇ"], "words of other scripts as they are"
    assert groups("  路灯 ！ 不亮 ") == ["路灯", "不亮"]
