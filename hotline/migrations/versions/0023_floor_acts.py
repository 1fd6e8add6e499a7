"""What supervisors do at agents' places: listening, coming in, setting states."""

from __future__ import annotations

import sqlalchemy as sa
import sqlalchemy_utc
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True)
    op.create_table(
        "desk_floor_act",
        sa.Column("act_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("agent_id", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=64), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("act_id"),
    )
    op.create_index("ix_desk_floor_act_agent", "desk_floor_act", ["agent_id", "began_at"])
    op.create_index("ix_desk_floor_act_began", "desk_floor_act", ["began_at"])


def downgrade() -> None:
    op.drop_index("ix_desk_floor_act_began", "desk_floor_act")
    op.drop_index("ix_desk_floor_act_agent", "desk_floor_act")
    op.drop_table("desk_floor_act")
