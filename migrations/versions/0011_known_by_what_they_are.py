"""Takes are known by what they were made for, and orders that are asked for no more are kept apart."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BEFORE = "state in ('asked', 'bought', 'in doubt', 'made', 'failed', 'refused', 'lost')"
SINCE = "state in ('asked', 'bought', 'in doubt', 'made', 'unwanted', 'failed', 'refused', 'lost')"


def upgrade() -> None:
    op.add_column("takes", sa.Column("fingerprint", sa.Text(), nullable=True))
    op.add_column("takes", sa.Column("let_go_at", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.execute(
        """update takes t set fingerprint = a.fingerprint from artifacts a
            where a.task_id = t.task_id and a.kind = t.kind and a.index = t.index and a.sha256 = t.sha256
              and a.state = 'done' and t.replaced_at is null"""
    )
    op.drop_constraint("state_known", "orders", type_="check")
    op.create_check_constraint("state_known", "orders", SINCE)


def downgrade() -> None:
    op.execute("update orders set state = 'failed' where state = 'unwanted'")
    op.drop_constraint("state_known", "orders", type_="check")
    op.create_check_constraint("state_known", "orders", BEFORE)
    op.drop_column("takes", "let_go_at")
    op.drop_column("takes", "fingerprint")
