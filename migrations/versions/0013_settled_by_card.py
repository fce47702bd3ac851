"""Who settled an order is a decision too; and until when the signed links on pages open."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RENEW_AT_ONCE = """
    update exhibits e set link_until = now()
      from artifacts a
     where (a.task_id, a.kind, a.index) = (e.task_id, e.kind, e.index)
       and a.stored is not null and a.url is null and a.kind <> 'storyboard' and e.block_id is not null
"""
"""Nobody knows any more when these were signed."""


def upgrade() -> None:
    op.add_column("exhibits", sa.Column("link_until", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.execute(RENEW_AT_ONCE)
    op.drop_constraint("action_known", "review_audit", type_="check")
    op.create_check_constraint("action_known", "review_audit", "action in ('approved', 'rejected', 'settled')")


def downgrade() -> None:
    op.drop_constraint("action_known", "review_audit", type_="check")
    # What is written there stays, also what the version before did not know.
    op.create_check_constraint(
        "action_known", "review_audit", "action in ('approved', 'rejected')", postgresql_not_valid=True
    )
    op.drop_column("exhibits", "link_until")
