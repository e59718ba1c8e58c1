"""Shadow runs and the allow list."""

import sqlalchemy as sa
from alembic import op

revision = "0004_learn"
down_revision = "0003_security"


def upgrade() -> None:
    """Make the tables."""
    _shadow()
    _allow()


def _shadow() -> None:
    op.create_table(
        "shadow_alerts",
        sa.Column("shadow", sa.String(64), primary_key=True),
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("headline", sa.String, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("accounts_total", sa.Integer, nullable=False),
        sa.Column("first_action_ms", sa.BigInteger, nullable=False),
        sa.Column("last_action_ms", sa.BigInteger, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("configuration", sa.String(64), nullable=False),
        sa.Column("called", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("shadow_alerts_called", "shadow_alerts", ["shadow", "called", "last_action_ms"])


def _allow() -> None:
    op.create_table(
        "allow_entries",
        sa.Column("entry", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(128), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("added_by", sa.String(128), nullable=False),
        sa.Column("added_at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
        sa.Column("verdict_id", sa.String(32), nullable=False),
        sa.Column("removed_at_ms", sa.BigInteger),
    )
    op.create_index("allow_entries_by_value", "allow_entries", ["kind", "value"])
    op.create_index("allow_entries_by_end", "allow_entries", ["expires_at_ms"])
    op.create_table(
        "allow_log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.String(32), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("allow_log_of_entry", "allow_log", ["entry", "number"])
