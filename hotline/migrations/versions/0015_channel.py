"""By which way a matter came in; what is there already came by telephone or as a voice message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tkt_ticket", sa.Column("channel", sa.String(20), server_default="phone", nullable=False))
    columns: list[str | sa.TextClause] = ["channel", sa.text("created_at DESC"), sa.text("ticket_id DESC")]
    op.create_index("tkt_ticket_channel_newest", "tkt_ticket", columns)
    op.execute(
        "UPDATE tkt_ticket SET channel = 'voicemail' WHERE ticket_id IN"
        " (SELECT ticket_id FROM tkt_voicemail WHERE ticket_id IS NOT NULL)"
    )


def downgrade() -> None:
    op.drop_index("tkt_ticket_channel_newest", "tkt_ticket")
    op.drop_column("tkt_ticket", "channel")
