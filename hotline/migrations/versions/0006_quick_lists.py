"""Indexes for the inbox, and for lists of one kind of request, among a million tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OWED = (
    "status IN ('delivered', 'extension_requested', 'handling', 'parent_reviewed', 'return_requested', 'signed', "
    "'sub_dispatched', 'sub_reported', 'termination_requested')"
)


def upgrade() -> None:
    op.create_index(
        "tkt_work_owed",
        "tkt_work",
        ["due_at", "delivered_at", "work_id", "unit_id"],
        postgresql_where=sa.text(OWED),
        sqlite_where=sa.text(OWED),
    )
    op.create_index(
        "tkt_work_newest",
        "tkt_work",
        [sa.literal_column("delivered_at DESC"), sa.literal_column("work_id DESC"), "unit_id"],
    )
    op.create_index(
        "tkt_ticket_kind_newest",
        "tkt_ticket",
        ["kind", sa.literal_column("created_at DESC"), sa.literal_column("ticket_id DESC")],
    )


def downgrade() -> None:
    op.drop_index("tkt_ticket_kind_newest", table_name="tkt_ticket")
    op.drop_index("tkt_work_newest", table_name="tkt_work")
    op.drop_index("tkt_work_owed", table_name="tkt_work")
