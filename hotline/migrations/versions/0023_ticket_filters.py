"""Indexes for what ticket lists are filtered by, among a million tickets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None

NEWEST: tuple[Any, ...] = (sa.literal_column("created_at DESC"), sa.literal_column("ticket_id DESC"))


def upgrade() -> None:
    op.create_index("tkt_ticket_category_newest", "tkt_ticket", ["category", *NEWEST])
    op.create_index("tkt_ticket_origin_newest", "tkt_ticket", ["origin", *NEWEST])
    op.drop_index("tkt_ticket_due", table_name="tkt_ticket")
    op.create_index("tkt_ticket_due", "tkt_ticket", ["due_at", "yellow_from", "ticket_id"])
    op.create_index("tkt_ticket_closed", "tkt_ticket", ["closed_at", "ticket_id"])
    op.create_index("tkt_ticket_satisfaction", "tkt_ticket", ["satisfaction", "ticket_id"])
    op.create_index(
        "tkt_ticket_marked",
        "tkt_ticket",
        ["created_at", "ticket_id"],
        postgresql_where=sa.text("urgent IS true OR major IS true OR emergency IS NOT NULL"),
        sqlite_where=sa.text("urgent IS 1 OR major IS 1 OR emergency IS NOT NULL"),
    )
    op.create_index(
        "tkt_work_late",
        "tkt_work",
        ["ticket_id"],
        postgresql_where=sa.text("overdue IS true"),
        sqlite_where=sa.text("overdue IS 1"),
    )
    op.create_index(
        "tkt_work_assisting",
        "tkt_work",
        ["unit_id", "ticket_id"],
        postgresql_where=sa.text("role = 'assist'"),
        sqlite_where=sa.text("role = 'assist'"),
    )


def downgrade() -> None:
    op.drop_index("tkt_work_assisting", table_name="tkt_work")
    op.drop_index("tkt_work_late", table_name="tkt_work")
    for name in ("marked", "satisfaction", "closed", "due", "origin_newest", "category_newest"):
        op.drop_index(f"tkt_ticket_{name}", table_name="tkt_ticket")
    op.create_index("tkt_ticket_due", "tkt_ticket", ["due_at"])
