"""Counts of the transparency report, which outlive what is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0011_report"
down_revision = "0010_appeals"


def upgrade() -> None:
    """Make the table. Decisions before it are counted by what is known of their cases now."""
    op.create_table(
        "decision_reach",
        sa.Column("number", sa.BigInteger, sa.ForeignKey("decisions.number"), primary_key=True, autoincrement=False),
        sa.Column("accounts", sa.Integer, nullable=False),
        sa.Column("posts", sa.Integer, nullable=False),
        sa.Column("raised_at_ms", sa.BigInteger),
    )
