"""Indexes for what ticket lists are filtered by, among a million tickets; tokens of other programs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import sqlalchemy_utc
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NEWEST: tuple[Any, ...] = (sa.literal_column("created_at DESC"), sa.literal_column("ticket_id DESC"))


def upgrade() -> None:
    op.create_index("tkt_ticket_category_newest", "tkt_ticket", ["category", *NEWEST])
    op.create_index("tkt_ticket_origin_newest", "tkt_ticket", ["origin", *NEWEST])
    op.create_index("tkt_ticket_author_newest", "tkt_ticket", ["created_by", *NEWEST])
    op.drop_index("tkt_ticket_due", table_name="tkt_ticket")
    op.create_index("tkt_ticket_due", "tkt_ticket", ["due_at", "yellow_from", "ticket_id"])
    op.create_index("tkt_ticket_closed", "tkt_ticket", ["closed_at", "ticket_id"])
    op.create_index("tkt_ticket_satisfaction", "tkt_ticket", ["satisfaction", "ticket_id"])
    op.create_index(
        "tkt_ticket_marked",
        "tkt_ticket",
        ["created_at", "ticket_id"],
        postgresql_where=sa.text("urgent IS true OR major IS true OR emergency IS NOT NULL"),
        sqlite_where=sa.text("urgent IS 1 OR major IS 1 OR emergency IS NOT NULL"),
    )
    op.create_index(
        "tkt_work_late",
        "tkt_work",
        ["ticket_id"],
        postgresql_where=sa.text("overdue IS true"),
        sqlite_where=sa.text("overdue IS 1"),
    )
    op.create_index(
        "tkt_work_assisting",
        "tkt_work",
        ["unit_id", "ticket_id"],
        postgresql_where=sa.text("role = 'assist'"),
        sqlite_where=sa.text("role = 'assist'"),
    )
    moment = sqlalchemy_utc.sqltypes.UtcDateTime(timezone=True)
    op.create_table(
        "desk_token",
        sa.Column("token_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("minute_began", moment, nullable=True),
        sa.Column("minute_uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token_id"),
        sa.UniqueConstraint("token_hash"),
    )


def downgrade() -> None:
    op.drop_table("desk_token")
    op.drop_index("tkt_work_assisting", table_name="tkt_work")
    op.drop_index("tkt_work_late", table_name="tkt_work")
    for name in ("marked", "satisfaction", "closed", "due", "author_newest", "origin_newest", "category_newest"):
        op.drop_index(f"tkt_ticket_{name}", table_name="tkt_ticket")
    op.create_index("tkt_ticket_due", "tkt_ticket", ["due_at"])
