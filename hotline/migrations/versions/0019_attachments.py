"""Files of tickets."""

from __future__ import annotations

import sqlalchemy as sa
import sqlalchemy_utc
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tkt_attachment",
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column("ticket_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.String(length=100), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        sa.Column("added_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("attachment_id"),
    )
    op.create_index("tkt_attachment_ticket", "tkt_attachment", ["ticket_id", "added_at"])


def downgrade() -> None:
    op.drop_index("tkt_attachment_ticket", "tkt_attachment")
    op.drop_table("tkt_attachment")
