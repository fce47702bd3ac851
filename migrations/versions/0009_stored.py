"""Where a film's files are in the object store."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("artifacts", sa.Column("stored", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("artifacts", "stored")
