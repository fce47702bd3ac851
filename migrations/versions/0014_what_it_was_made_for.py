"""What a take was made for stays known when it stands for something else; whose file was rejected is not fetched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("takes", sa.Column("made_for", sa.Text(), nullable=True))
    op.execute("update takes set made_for = fingerprint")
    op.add_column("orders", sa.Column("rejected_at", postgresql.TIMESTAMP(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("orders", "rejected_at")
    op.drop_column("takes", "made_for")
