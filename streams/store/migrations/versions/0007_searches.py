"""Searches of the queue that people keep."""

import sqlalchemy as sa
from alembic import op

revision = "0007_searches"
down_revision = "0006_tokens"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "saved_searches",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("query", sa.String(4096), nullable=False),
        sa.Column("saved_at_ms", sa.BigInteger, nullable=False),
    )
