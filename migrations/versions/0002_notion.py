"""The Notion board: databases, cards, what is on its way to them, who moved them, and the pace of requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "boards",
        sa.Column("database_id", sa.Text(), nullable=False),
        sa.Column("data_source_id", sa.Text(), nullable=True),
        sa.Column("properties", JSONB, server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("bot_id", sa.Text(), nullable=True),
        sa.Column("watermark", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("reconciled_at", MOMENT, nullable=True),
        sa.Column("reconciling_since", MOMENT, nullable=True),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("problem_since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("database_id"),
    )
    op.create_table(
        "cards",
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("database_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("shown", JSONB, server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("echoes", JSONB, server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("unconfirmed", JSONB, server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("wrote_at", MOMENT, nullable=True),
        sa.Column("pushed_at", MOMENT, nullable=True),
        sa.Column("complaint", sa.Text(), server_default="", nullable=False),
        sa.Column("used_notes", sa.Text(), server_default="", nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["database_id"], ["boards.database_id"]),
        sa.PrimaryKeyConstraint("page_id"),
    )
    op.create_index(op.f("ix_cards_database_id"), "cards", ["database_id"], unique=False)
    op.create_table(
        "card_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "card_notes_due", "card_notes", ["page_id"], unique=False, postgresql_where=sa.text("posted_at is null")
    )
    op.create_table(
        "people",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "pace",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("service"),
    )
    op.add_column("tasks", sa.Column("paused_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "paused_at")
    op.drop_table("pace")
    op.drop_table("people")
    op.drop_index("card_notes_due", table_name="card_notes", postgresql_where=sa.text("posted_at is null"))
    op.drop_table("card_notes")
    op.drop_index(op.f("ix_cards_database_id"), table_name="cards")
    op.drop_table("cards")
    op.drop_table("boards")
