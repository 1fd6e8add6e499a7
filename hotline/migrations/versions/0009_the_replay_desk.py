"""The replay desk: what is due for search, how talks went, remarks, clips, scorecards."""

from __future__ import annotations

import sqlalchemy as sa
import sqlalchemy_utc
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rec_scorecard",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("first_used_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "rec_search_due",
        sa.Column("due_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("due_id"),
    )
    op.create_table(
        "rec_calibration",
        sa.Column("calibration_id", sa.String(length=36), nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["rec_recording.recording_id"],
        ),
        sa.PrimaryKeyConstraint("calibration_id"),
    )
    op.create_table(
        "rec_clip",
        sa.Column("clip_id", sa.String(length=36), nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Float(), nullable=False),
        sa.Column("end", sa.Float(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("made_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["rec_recording.recording_id"],
        ),
        sa.PrimaryKeyConstraint("clip_id"),
    )
    with op.batch_alter_table("rec_clip", schema=None) as batch_op:
        batch_op.create_index("ix_rec_clip_recording", ["recording_id"], unique=False)
        batch_op.create_index("ix_rec_clip_ticket", ["ticket_id"], unique=False)

    op.create_table(
        "rec_comment",
        sa.Column("comment_id", sa.String(length=36), nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.Float(), nullable=False),
        sa.Column("end", sa.Float(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("made_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["rec_recording.recording_id"],
        ),
        sa.PrimaryKeyConstraint("comment_id"),
    )
    with op.batch_alter_table("rec_comment", schema=None) as batch_op:
        batch_op.create_index("ix_rec_comment_recording", ["recording_id", "start"], unique=False)

    op.create_table(
        "rec_talk",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("citizen_seconds", sa.Float(), nullable=False),
        sa.Column("other_seconds", sa.Float(), nullable=False),
        sa.Column("talk_over_seconds", sa.Float(), nullable=False),
        sa.Column("longest_silence", sa.Float(), nullable=False),
        sa.Column("talk_overs", sa.JSON(), nullable=False),
        sa.Column("silences", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["rec_recording.recording_id"],
        ),
        sa.PrimaryKeyConstraint("recording_id"),
    )
    op.create_table(
        "rec_review",
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("calibration_id", sa.String(length=36), nullable=True),
        sa.Column("agent_id", sa.String(length=80), nullable=False),
        sa.Column("reviewer", sa.String(length=80), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True), nullable=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["rec_calibration.calibration_id"],
        ),
        sa.ForeignKeyConstraint(
            ["form"],
            ["rec_scorecard.digest"],
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["rec_recording.recording_id"],
        ),
        sa.PrimaryKeyConstraint("review_id"),
    )
    with op.batch_alter_table("rec_review", schema=None) as batch_op:
        batch_op.create_index("ix_rec_review_done", ["state", "done_at"], unique=False)
        batch_op.create_index("ix_rec_review_reviewer", ["reviewer", "state"], unique=False)
        batch_op.create_index("uq_rec_review_calibration", ["calibration_id", "reviewer"], unique=True)
        batch_op.create_index(
            "uq_rec_review_claim",
            ["recording_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'released' AND calibration_id IS NULL"),
            postgresql_where=sa.text("state <> 'released' AND calibration_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("rec_review", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rec_review_claim",
            sqlite_where=sa.text("state <> 'released' AND calibration_id IS NULL"),
            postgresql_where=sa.text("state <> 'released' AND calibration_id IS NULL"),
        )
        batch_op.drop_index("uq_rec_review_calibration")
        batch_op.drop_index("ix_rec_review_reviewer")
        batch_op.drop_index("ix_rec_review_done")

    op.drop_table("rec_review")
    op.drop_table("rec_talk")
    with op.batch_alter_table("rec_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_rec_comment_recording")

    op.drop_table("rec_comment")
    with op.batch_alter_table("rec_clip", schema=None) as batch_op:
        batch_op.drop_index("ix_rec_clip_ticket")
        batch_op.drop_index("ix_rec_clip_recording")

    op.drop_table("rec_clip")
    op.drop_table("rec_calibration")
    op.drop_table("rec_search_due")
    op.drop_table("rec_scorecard")
