"""Who is an agent: the seats, kept in ``cti_agent``."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cti.tables import AgentRow


def put_agent(
    session: Session,
    *,
    agent_id: str,
    extension: str,
    display_name: str,
    kind: str = "web",
    queues: Sequence[str] = ("citizens",),
    enabled: bool = True,
) -> AgentRow:
    """Create or change an agent.  IntegrityError at flush when the extension belongs to another agent."""
    if kind not in ("web", "phone"):
        raise ValueError(f"kind must be web or phone, not {kind!r}")
    if not extension.isdigit():
        raise ValueError(f"an extension is digits only, not {extension!r}")
    row = session.get(AgentRow, agent_id)
    if row is None:
        row = AgentRow(agent_id=agent_id)
        session.add(row)
    row.extension, row.display_name, row.kind = extension, display_name, kind
    row.queues, row.enabled = list(queues), enabled
    session.flush()
    return row


def get_agent(session: Session, agent_id: str) -> AgentRow | None:
    """The agent, or None."""
    return session.get(AgentRow, agent_id)


def agent_at(session: Session, extension: str) -> AgentRow | None:
    """The agent of an extension, or None."""
    return session.scalar(select(AgentRow).where(AgentRow.extension == extension))


def list_agents(session: Session, *, enabled_only: bool = False) -> Sequence[AgentRow]:
    """All agents, by extension."""
    query = select(AgentRow).order_by(AgentRow.extension)
    return session.scalars(query.where(AgentRow.enabled) if enabled_only else query).all()


def remove_agent(session: Session, agent_id: str) -> bool:
    """Forget an agent; False when there was none.  Calls and state history stay."""
    row = session.get(AgentRow, agent_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True
