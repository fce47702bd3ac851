"""What is said once is not said every minute; cards that wait for a channel, and since when each shows its status."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("host", "sentence"),
    )
    op.add_column("cards", sa.Column("status_at", MOMENT, nullable=True))
    op.add_column("cards", sa.Column("refused", sa.Text(), server_default="", nullable=False))
    op.add_column("cards", sa.Column("refused_at", MOMENT, nullable=True))
    op.create_index(
        "cards_without_channel", "cards", ["database_id"], unique=False, postgresql_where=sa.text("complaint <> ''")
    )


def downgrade() -> None:
    op.drop_index("cards_without_channel", table_name="cards", postgresql_where=sa.text("complaint <> ''"))
    op.drop_column("cards", "refused_at")
    op.drop_column("cards", "refused")
    op.drop_column("cards", "status_at")
    op.drop_table("notices")
