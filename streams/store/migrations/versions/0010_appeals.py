"""Appeals of accounts, filed by their platform."""

import sqlalchemy as sa
from alembic import op

revision = "0010_appeals"
down_revision = "0009_messages"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "appeals",
        sa.Column("appeal_id", sa.String(32), primary_key=True),
        sa.Column("reference", sa.String(128), nullable=False, unique=True),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("account", sa.String(128)),
        sa.Column("statement", sa.Text),
        sa.Column("filed_at_ms", sa.BigInteger, nullable=False),
        sa.Column("received_at_ms", sa.BigInteger, nullable=False),
        sa.Column("filed_by", sa.String(64), nullable=False),
        sa.Column("contested", sa.BigInteger, sa.ForeignKey("decisions.number"), nullable=False),
        sa.Column("reopened", sa.BigInteger, sa.ForeignKey("decisions.number"), nullable=False, unique=True),
        sa.Column("kept_outcome", sa.String(16)),
        sa.Column("kept_answered_at_ms", sa.BigInteger),
        sa.Column("erased_at_ms", sa.BigInteger),
    )
    op.create_index("appeals_of_campaign", "appeals", ["campaign", "contested"])
    op.create_index("appeals_of_account", "appeals", ["account"])
    op.create_index("appeals_by_time", "appeals", ["received_at_ms", "appeal_id"])
