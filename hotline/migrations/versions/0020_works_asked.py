"""Works whose caller waits for an account are found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    asked = sa.text("account_asked_at IS NOT NULL AND account IS NULL")
    op.create_index("tkt_work_asked", "tkt_work", ["account_asked_at"], postgresql_where=asked, sqlite_where=asked)


def downgrade() -> None:
    op.drop_index("tkt_work_asked", "tkt_work")
