"""Which host has the files of a film that are nowhere else."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("kept_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "kept_by")
