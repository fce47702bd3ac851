"""What of a film the page of its card shows, and what people said about it there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exhibits",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("block_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("upload_id", sa.Text(), nullable=True),
        sa.Column("uploaded_sha256", sa.Text(), nullable=True),
        sa.Column("uploaded_at", MOMENT, nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind in ('storyboard', 'image', 'contact_sheet', 'composite', 'clip', 'filmstrip', 'narration', 'sfx', 'film', 'receipt')",
            name="kind_known",
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"]),
        sa.PrimaryKeyConstraint("task_id", "kind", "index"),
    )
    op.create_table(
        "exhibit_sections",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("heading_id", sa.Text(), nullable=True),
        sa.Column("is_clean", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"]),
        sa.PrimaryKeyConstraint("task_id", "section"),
    )
    op.create_table(
        "card_comments",
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("discussion_id", sa.Text(), server_default="", nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("yes_to", sa.Integer(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"]),
        sa.PrimaryKeyConstraint("comment_id"),
    )
    op.create_index(op.f("ix_card_comments_page_id"), "card_comments", ["page_id"], unique=False)
    op.add_column("cards", sa.Column("comments_read_at", MOMENT, nullable=True))
    op.add_column("boards", sa.Column("comments_at", MOMENT, nullable=True))
    op.add_column("tasks", sa.Column("exhibit_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "exhibit_at")
    op.drop_column("boards", "comments_at")
    op.drop_column("cards", "comments_read_at")
    op.drop_index(op.f("ix_card_comments_page_id"), table_name="card_comments")
    op.drop_table("card_comments")
    op.drop_table("exhibit_sections")
    op.drop_table("exhibits")
