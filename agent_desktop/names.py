"""What the parties of a call are called: agents by their place, units by the roster, services by the form guide."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

import cti
from agent_desktop.doors import Doors


class Names:
    """Kept in memory, because every picture asks; read anew whenever a page says hello or the roster changes."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._units: dict[str, str] = {}
        self._agents: dict[str, str] = {}
        self._services = {service.number: service.zh for service in doors.form.emergency}

    def load(self) -> None:
        """Reads both lists; a database that is away leaves the last ones."""
        try:
            with self._doors.read() as session:
                units = {
                    row.number: " · ".join(filter(None, (row.unit_name, row.person))) for row in cti.list_duty(session)
                }
                agents = {row.agent_id: row.display_name for row in cti.list_agents(session)}
        except SQLAlchemyError:
            return
        self._units, self._agents = units, agents

    def of(self, party: cti.Party) -> str:
        """The party's name; empty when nobody knows it."""
        return self._agents.get(party.agent_id, "") if party.agent_id else self.of_number(party.number)

    def of_agent(self, agent_id: str) -> str:
        """The name of an agent's place; the id where nobody knows it."""
        return self._agents.get(agent_id, agent_id)

    def of_number(self, number: str) -> str:
        """Who is called at that number."""
        return self._units.get(number) or self._services.get(number, "")
