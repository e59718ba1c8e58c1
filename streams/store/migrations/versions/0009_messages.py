"""Messages about cases that go out."""

import sqlalchemy as sa
from alembic import op

revision = "0009_messages"
down_revision = "0008_single_sign_on"


def upgrade() -> None:
    """Make the outbox and what is kept beside it."""
    _make_outbox()
    op.create_table(
        "message_threads",
        sa.Column("destination", sa.String(24), primary_key=True),
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("reference", sa.String(300), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "message_destinations",
        sa.Column("name", sa.String(24), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sent", sa.BigInteger, nullable=False),
        sa.Column("failed", sa.BigInteger, nullable=False),
        sa.Column("dead", sa.BigInteger, nullable=False),
        sa.Column("last_sent_ms", sa.BigInteger),
        sa.Column("paused_until_ms", sa.BigInteger, nullable=False),
        sa.Column("off_since_ms", sa.BigInteger),
        sa.Column("off_reason", sa.String(200), nullable=False),
    )
    op.create_table(
        "message_cases",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "message_cursors",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )


def _make_outbox() -> None:
    op.create_table(
        "message_outbox",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("destination", sa.String(24), nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("in_digest", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("due_at_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger),
    )
    op.create_index("message_outbox_due", "message_outbox", ["destination", "state", "due_at_ms"])
    op.create_index("message_outbox_by_case", "message_outbox", ["campaign", "state"])
