"""Every tick asks which films have jobs that were bought and not fetched: few, among all artifacts that ever were."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("artifacts_submitted", "artifacts", ["task_id"], postgresql_where=sa.text("state = 'submitted'"))


def downgrade() -> None:
    op.drop_index("artifacts_submitted", table_name="artifacts")
