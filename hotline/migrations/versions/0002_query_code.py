"""The caller's query code is kept as it is told, for it must be told again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tkt_ticket", sa.Column("query_code", sa.String(length=10), nullable=True))
    op.create_index("tkt_ticket_query", "tkt_ticket", ["query_code"], unique=False)
    op.drop_column("tkt_ticket", "query_hash")


def downgrade() -> None:
    op.add_column("tkt_ticket", sa.Column("query_hash", sa.String(length=64), nullable=True))
    op.drop_index("tkt_ticket_query", table_name="tkt_ticket")
    op.drop_column("tkt_ticket", "query_code")
