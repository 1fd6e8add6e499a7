"""voice messages as work, and what callers said of their calls"""

from __future__ import annotations

import sqlalchemy as sa
import sqlalchemy_utc
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True)
    op.create_table(
        "cti_survey",
        sa.Column("contact_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("contact_id"),
    )
    op.create_index("ix_cti_survey_asked", "cti_survey", ["asked_at"])
    op.create_table(
        "tkt_voicemail",
        sa.Column("voicemail_id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=64), nullable=False),
        sa.Column("left_at", moment, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_at", moment, nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("ticket_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reminded_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("voicemail_id"),
    )
    op.create_index("tkt_voicemail_open", "tkt_voicemail", ["done_at", "left_at"])
    op.create_index("tkt_voicemail_contact", "tkt_voicemail", ["contact_id"])
    # Messages that were stored before there was a list of them wait for a clerk as well.
    op.execute(
        "INSERT INTO tkt_voicemail (voicemail_id, contact_id, left_at, seconds, silent, section, reason)"
        " SELECT recording_id, contact_id, COALESCE(started_at, created_at), COALESCE(seconds, 0), false, '', ''"
        " FROM rec_recording WHERE kind = 'voicemail' AND state = 'ready'"
    )


def downgrade() -> None:
    op.drop_table("tkt_voicemail")
    op.drop_table("cti_survey")
