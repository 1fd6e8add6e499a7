"""A call that was really recorded, with what was said in it, on a test's desk."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np

import recordings
from recordings import search_feed
from recordings.tables import Recording, Segment, Transcript
from tests.kit.recordings import Samples, silence, store_call, tone
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser

Line = tuple[str, float, float, str]
"""Leg, from, to, what is said."""

CONVERSATION: Sequence[Line] = (
    ("other", 0.5, 2.5, "您好 很高兴 为您服务"),
    ("citizen", 3.0, 6.0, "小区 门口 的 路灯 不亮 了"),
    ("other", 5.0, 7.0, "不归我们管 你去找别人"),
    ("citizen", 12.0, 15.0, "我的 电话 是 一三八 零零一三 八零零零"),
    ("other", 16.0, 18.0, "好的 再见"),
)
"""Both speak from 5.0 to 6.0; nobody from 7.0 to 12.0."""


def voices(lines: Sequence[Line], seconds: float) -> tuple[Samples, Samples]:
    """Both legs: a tone wherever somebody says something."""
    legs = {"citizen": silence(seconds), "other": silence(seconds)}
    for leg, start, end, _ in lines:
        sound = tone(440 if leg == "citizen" else 660, end - start)
        legs[leg][int(start * 8000) : int(start * 8000) + len(sound)] = sound
    return legs["citizen"], legs["other"]


class Told:
    """The recording of such a call; ``url`` is its address."""

    def __init__(
        self,
        house: House,
        lines: Sequence[Line] = CONVERSATION,
        *,
        contact_id: str = CONTACT,
        agents: Sequence[str] = ("a1",),
        queue: str = "citizens",
        seconds: float = 20.0,
    ) -> None:
        self.house = house
        self.contact_id = contact_id
        config = house.store_config
        for folder in (config.spool, config.voicemail_spool, config.work):
            folder.mkdir(parents=True, exist_ok=True)
        self.recording_id = store_call(house.write, config, *voices(lines, seconds), contact_id)
        self.url = f"/api/v1/recordings/{self.recording_id}"
        with house.write.begin() as session:
            row = session.get_one(Recording, self.recording_id)
            row.started_at = house.clock() - timedelta(seconds=seconds)
            facts = recordings.ContactFacts(queue=queue, agent_ids=agents, result="answered")
            recordings.note_contact(session, contact_id, facts)
        if lines:
            self.write_down(lines)

    @classmethod
    def of(cls, house: House, recording_id: str) -> Told:
        """A recording that is in the store already; nothing is written down of it yet."""
        one = cls.__new__(cls)
        one.house, one.contact_id, one.recording_id = house, CONTACT, recording_id
        one.url = f"/api/v1/recordings/{recording_id}"
        return one

    def write_down(self, lines: Sequence[Line], version: int = 1) -> None:
        """A finished transcript, as the recogniser leaves it."""
        with self.house.write.begin() as session:
            run = Transcript(
                recording_id=self.recording_id,
                version=version,
                state="done",
                engine="vosk",
                model="small",
                created_at=self.house.clock(),
                done_at=self.house.clock(),
                figures={"audio_seconds": 20.0, "real_time_factor": 0.2, "mean_confidence": 0.9},
            )
            session.add(run)
            session.flush()
            session.add_all(
                Segment(
                    transcript_id=run.transcript_id,
                    recording_id=self.recording_id,
                    leg=leg,
                    start=start,
                    end=end,
                    text=text.replace(" ", ""),
                    words=[
                        [word, *edges]
                        for word, edges in zip(text.split(), _edges(start, end, len(text.split())), strict=True)
                    ],
                )
                for leg, start, end, text in lines
            )
            session.get_one(Recording, self.recording_id).transcript_state = "done"
            search_feed.ask(session, self.recording_id)
        self.index()

    def index(self) -> None:
        """Takes everything that is due into the search index."""
        while self.house.feed.step():
            pass

    async def opened(self, browser: Browser, reason: str = "质检抽查") -> dict[str, str]:
        """Says why; the parameters that open audio and transcript afterwards."""
        answer = await browser.post(f"{self.url}/plays", json={"reason": reason})
        assert answer.status_code == 200, answer.text
        return {"play": answer.json()["play_id"]}


async def found(browser: Browser, **asked: Any) -> list[dict[str, Any]]:
    """What the replay desk's search finds."""
    answer = await browser.get("/api/v1/recordings", params=asked)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["found"])
    return list(page["found"])


async def added_to(agent: Browser, ticket_id: str) -> None:
    """What was said in the call becomes one more demand in a ticket that is there."""
    answer = await agent.make(f"/api/v1/calls/{CONTACT}/additions", {"ticket_id": ticket_id, "text": "又坏了两盏"})
    assert answer.status_code == 200, answer.text


def _edges(start: float, end: float, count: int) -> list[tuple[float, float, float]]:
    cuts = np.linspace(start, end, count + 1)
    return [(round(float(a), 2), round(float(b), 2), 0.9) for a, b in itertools.pairwise(cuts)]
