"""Takes: every version of an item that was made. What is there already is the first take of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())

# The path as `vidctl.domain.layout.take` makes it.
FIRST_TAKES = r"""
    insert into takes (task_id, kind, index, number, place, path, sha256, size_bytes, modified_ns, prompt, note, cost_usd,
                       facts, made_at)
    select task_id, kind, index, 1, path,
           'takes/' || regexp_replace(path, '(\.[^./]*)?$', '_take_1_' || left(sha256, 8) || '\1'),
           sha256, size_bytes, coalesce(modified_ns, 0), prompt, note, cost_usd, facts, coalesce(made_at, updated_at)
      from artifacts
     where kind in ('storyboard', 'image', 'clip', 'narration', 'sfx', 'film')
       and path <> '' and sha256 is not null and size_bytes is not null
"""


def upgrade() -> None:
    op.create_table(
        "takes",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("modified_ns", sa.BigInteger(), nullable=False),
        sa.Column("prompt", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_usd", sa.Numeric(12, 6), server_default="0", nullable=False),
        sa.Column("facts", JSONB, server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind in ('storyboard', 'image', 'contact_sheet', 'composite', 'clip', 'filmstrip', 'narration', 'sfx', 'film', 'receipt')",
            name="kind_known",
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"]),
        sa.PrimaryKeyConstraint("task_id", "kind", "index", "number"),
        sa.UniqueConstraint("task_id", "kind", "index", "sha256", name="takes_kept_once"),
    )
    op.execute(FIRST_TAKES)


def downgrade() -> None:
    op.drop_table("takes")
