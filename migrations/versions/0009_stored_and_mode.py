"""Where a film's files are in the object store, and how a film is made where its channel says otherwise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("artifacts", sa.Column("stored", postgresql.JSONB(), nullable=True))
    op.add_column("tasks", sa.Column("mode", sa.Text(), nullable=True))
    op.create_check_constraint("mode_known", "tasks", "mode in ('preview', 'production')")


def downgrade() -> None:
    op.drop_constraint("mode_known", "tasks", type_="check")
    op.drop_column("tasks", "mode")
    op.drop_column("artifacts", "stored")
