"""When a letter came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tkt_ticket", sa.Column("received_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("tkt_ticket", "received_on")
