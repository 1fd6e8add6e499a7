"""Which handling units speak in a part of a call; private consultations are found with their call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rec_mark", sa.Column("units", sa.JSON(), nullable=False, server_default="[]"))
    op.execute(
        "INSERT INTO rec_search_due (recording_id) SELECT recording_id FROM rec_recording WHERE kind = 'consult'"
    )


def downgrade() -> None:
    op.drop_column("rec_mark", "units")
