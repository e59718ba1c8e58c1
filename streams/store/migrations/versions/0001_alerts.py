"""The tables of the worker, as they were before there were migrations: what exists is left as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001_alerts"
down_revision = None


def upgrade() -> None:
    """Make what is missing."""
    _alerts()
    _trends()


def _alerts() -> None:
    op.create_table(
        "alerts",
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
        sa.Column("body", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )
    op.create_index("alerts_by_time", "alerts", ["at_ms"], if_not_exists=True)
    op.create_table(
        "alert_revisions",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )


def _trends() -> None:
    op.create_table(
        "trend_verdicts",
        sa.Column("key", sa.String(256), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("headline", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )
    op.create_index("trend_verdicts_by_time", "trend_verdicts", ["at_ms"], if_not_exists=True)
    op.create_table(
        "trend_places",
        sa.Column("list", sa.String(256), primary_key=True),
        sa.Column("key", sa.String(256), sa.ForeignKey("trend_verdicts.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("rank", sa.Integer),
        sa.Column("rank_without", sa.Integer),
        if_not_exists=True,
    )
    op.create_table(
        "trend_lists",
        sa.Column("name", sa.String(256), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        if_not_exists=True,
    )
