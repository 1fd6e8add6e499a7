"""The duty roster of handling units; calls that the office made"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cti_duty",
        sa.Column("duty_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("unit_name", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("begins", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("duty_id"),
    )
    with op.batch_alter_table("cti_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cti_duty_unit_id"), ["unit_id"], unique=False)
    with op.batch_alter_table("cti_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outgoing", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("cti_call", schema=None) as batch_op:
        batch_op.drop_column("outgoing")
    op.drop_table("cti_duty")
