"""What a quote was asked for, which version of its film a card was given, and how long what is wrong lasts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.add_column("card_comments", sa.Column("asked", postgresql.JSONB(), server_default="[]", nullable=False))
    op.add_column("cards", sa.Column("unconfirmed_version", sa.Integer(), nullable=True))
    op.add_column(
        "notices", sa.Column("seen_at", postgresql.TIMESTAMP(timezone=True), server_default=NOW, nullable=False)
    )


def downgrade() -> None:
    op.drop_column("notices", "seen_at")
    op.drop_column("cards", "unconfirmed_version")
    op.drop_column("card_comments", "asked")
