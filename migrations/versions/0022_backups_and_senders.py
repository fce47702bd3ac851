"""When each machine made a backup, and which machine tells of alerts where."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TIME = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backups",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("is_regular", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("host"),
    )
    op.create_table(
        "alert_senders",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("host", "destination"),
    )


def downgrade() -> None:
    op.drop_table("alert_senders")
    op.drop_table("backups")
