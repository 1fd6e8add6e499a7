"""Reports of one's own, kept under a name."""

from __future__ import annotations

import sqlalchemy as sa
import sqlalchemy_utc
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_report",
        sa.Column("report_id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("ix_desk_report_owner", "desk_report", ["owner", "name"])


def downgrade() -> None:
    op.drop_index("ix_desk_report_owner", "desk_report")
    op.drop_table("desk_report")
