"""What was forgotten after the retention period."""

import sqlalchemy as sa
from alembic import op

revision = "0005_retention"
down_revision = "0004_learn"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erased_cases",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("erased_at_ms", sa.BigInteger, nullable=False),
    )
