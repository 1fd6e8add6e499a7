"""Which call a private consultation belongs to: legal holds, retention and confidentiality reach it by that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rec_aside",
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("whole_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("contact_id"),
    )
    op.create_index("ix_rec_aside_whole", "rec_aside", ["whole_id"])


def downgrade() -> None:
    op.drop_table("rec_aside")
