"""Who settled an order is a decision too."""

from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("action_known", "review_audit", type_="check")
    op.create_check_constraint("action_known", "review_audit", "action in ('approved', 'rejected', 'settled')")


def downgrade() -> None:
    op.drop_constraint("action_known", "review_audit", type_="check")
    # What is written there stays, also what the version before did not know.
    op.create_check_constraint(
        "action_known", "review_audit", "action in ('approved', 'rejected')", postgresql_not_valid=True
    )
