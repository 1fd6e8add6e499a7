"""An account that a caller has demanded of the unit, and the unit's answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy_utc import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tkt_work", sa.Column("account_step", sa.String(10)))
    op.add_column("tkt_work", sa.Column("account_asked_at", UtcDateTime(timezone=True)))
    op.add_column("tkt_work", sa.Column("account", sa.Text()))


def downgrade() -> None:
    for name in ("account", "account_asked_at", "account_step"):
        op.drop_column("tkt_work", name)
