"""What a take was made for stays known when it stands for something else."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("takes", sa.Column("made_for", sa.Text(), nullable=True))
    op.execute("update takes set made_for = fingerprint")


def downgrade() -> None:
    op.drop_column("takes", "made_for")
