"""How good the agents' lines were, kept per call."""

from __future__ import annotations

import sqlalchemy as sa
import sqlalchemy_utc
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_call_quality",
        sa.Column("contact_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=80), nullable=False),
        sa.Column("began_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("rtt_ms", sa.Double(), nullable=True),
        sa.Column("rtt_seconds", sa.Double(), nullable=False),
        sa.Column("rtt_ms_max", sa.Double(), nullable=True),
        sa.Column("jitter_ms", sa.Double(), nullable=False),
        sa.Column("jitter_ms_max", sa.Double(), nullable=False),
        sa.Column("loss", sa.Double(), nullable=False),
        sa.Column("loss_max", sa.Double(), nullable=False),
        sa.Column("mos", sa.Double(), nullable=False),
        sa.Column("mos_min", sa.Double(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "agent_id"),
    )


def downgrade() -> None:
    op.drop_table("desk_call_quality")
