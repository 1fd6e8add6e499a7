"""Each channel that carries an event has a row of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tkt_outbox", sa.Column("channel", sa.String(length=20), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("tkt_outbox", "channel")
