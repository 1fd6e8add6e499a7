"""What callers said, over HTTP: of a call, and of agents; an agent sees the own results only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import cti
import recordings
from recordings.tables import Recording
from tests.wire.desk.house import CONTACT, House
from tests.wire.desk.server import Browser

pytestmark = pytest.mark.wire

OTHER = CONTACT[:-2] + "02"


def answered(house: House, contact_id: str, agent: str, score: int | None) -> None:
    house.queued(contact_id)
    house.answers(agent, contact_id)
    with house.write.begin() as session:
        at = house.clock() if score is not None else None
        cti.record_survey(session, contact_id, house.clock(), score, at)


async def test_of_a_call(agent: Browser, house: House, tmp_path: Path) -> None:
    answered(house, CONTACT, "a1", 4)
    survey = (await agent.get(f"/api/v1/survey/calls/{CONTACT}")).json()["survey"]
    assert (survey["score"], survey["comment_recording_id"]) == (4, None)
    with house.write.begin() as session:
        comment = recordings.enqueue(session, CONTACT, "survey", house.clock())
        session.get_one(Recording, comment).state = "ready"
    survey = (await agent.get(f"/api/v1/survey/calls/{CONTACT}")).json()["survey"]
    assert survey["comment_recording_id"] == comment
    assert (await agent.get(f"/api/v1/recordings/{comment}")).json()["recording"]["kind"] == "survey"
    assert (await agent.get(f"/api/v1/survey/calls/{OTHER}")).json() == {"survey": None}


async def test_of_agents(agent: Browser, house: House) -> None:
    answered(house, CONTACT, "a1", 5)
    answered(house, OTHER, "a2", None)
    times = {
        "since": (house.clock() - timedelta(days=1)).isoformat(),
        "until": (house.clock() + timedelta(days=1)).isoformat(),
    }
    own = (await agent.get("/api/v1/survey/agents", params=times)).json()["agents"]
    assert own == [
        {
            "agent_id": "a1",
            "agent_name": "Agent 1",
            "asked": 1,
            "answered": 1,
            "average": 5.0,
            "scores": [0, 0, 0, 0, 1],
        }
    ]
    async with Browser(agent.port) as chief:
        await chief.log_in("chief")
        everybody = (await chief.get("/api/v1/survey/agents", params=times)).json()["agents"]
    assert [(one["agent_id"], one["asked"], one["answered"]) for one in everybody] == [("a1", 1, 1), ("a2", 1, 0)]
    backwards = await agent.get("/api/v1/survey/agents", params={"since": times["until"], "until": times["since"]})
    assert backwards.status_code == 422
