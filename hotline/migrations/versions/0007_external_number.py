"""The number a ticket had in the system it was imported from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tkt_ticket", sa.Column("external_number", sa.String(length=64), nullable=True))
    op.create_index("tkt_ticket_external", "tkt_ticket", ["external_number"], unique=True)


def downgrade() -> None:
    op.drop_index("tkt_ticket_external", table_name="tkt_ticket")
    op.drop_column("tkt_ticket", "external_number")
