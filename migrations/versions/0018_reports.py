"""Reports look for what ended in a week, and for what went wrong in it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("task_events_ends", "task_events", ["at"], postgresql_where=sa.text("event in ('finish', 'fail')"))
    op.create_index("task_errors_at", "task_errors", ["at"])


def downgrade() -> None:
    op.drop_index("task_errors_at", table_name="task_errors")
    op.drop_index("task_events_ends", table_name="task_events")
