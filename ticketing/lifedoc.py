"""The table of a matter's life as diagrams and lists for the documents."""

from __future__ import annotations

from ticketing.life import TABLE
from ticketing.transitions import Machine
from ticketing.words import labels


def life_markdown() -> str:
    """Two Mermaid state diagrams and the table of verbs, from the table the program itself walks."""
    parts = []
    for machine, title in (("ticket", "The ticket"), ("work", "A unit's work")):
        parts += [f"## {title}\n", _diagram(machine), _verbs(machine)]  # type: ignore[arg-type]
    return "\n".join(parts)


def _diagram(machine: Machine) -> str:
    names = {label.code: f"{label.zh} {label.code}" for label in labels("status")}
    moves: dict[tuple[str, str], list[str]] = {}
    for row in TABLE:
        if row.machine == machine and row.to is not None:
            moves.setdefault((row.frm, row.to), []).append(row.verb)
    statuses = sorted({status for move in moves for status in move} - {"new"})
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{names[status]}" as {status}' for status in statuses]
    for (frm, to), verbs in moves.items():
        lines.append(f"    {'[*]' if frm == 'new' else frm} --> {to} : {', '.join(verbs)}")
    return "\n".join([*lines, "```", ""])


def _verbs(machine: Machine) -> str:
    lines = [
        "| verb | from | to | who | needs | rules | ledger | events |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows: dict[tuple[str, str | None], list[str]] = {}
    for row in TABLE:
        if row.machine == machine:
            rows.setdefault((row.verb, row.to), []).append(row.frm)
    for (verb, to), statuses in rows.items():
        row = next(one for one in TABLE if one.machine == machine and one.verb == verb and one.frm == statuses[0])
        cells = (
            f"`{verb}`",
            ", ".join(statuses),
            to or "–",
            ", ".join(sorted(row.actors)),
            ", ".join(row.needs) or "–",
            ", ".join(row.guards) or "–",
            row.ledger or "–",
            ", ".join(row.emits),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])
