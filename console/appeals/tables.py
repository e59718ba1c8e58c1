"""Table of appeals, on the store's metadata."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from streams.store.tables import metadata

appeals = Table(
    "appeals",
    metadata,
    Column("appeal_id", String(32), primary_key=True),
    Column("reference", String(128), nullable=False, unique=True),
    Column("campaign", String(64), nullable=False),
    Column("account", String(128)),
    Column("statement", Text),
    Column("filed_at_ms", BigInteger, nullable=False),
    Column("received_at_ms", BigInteger, nullable=False),
    Column("filed_by", String(64), nullable=False),
    Column("contested", BigInteger, ForeignKey("decisions.number"), nullable=False),
    Column("reopened", BigInteger, ForeignKey("decisions.number"), nullable=False, unique=True),
    # what retention keeps once the account and the decisions' details are forgotten; until then it follows from the log
    Column("kept_outcome", String(16)),
    Column("kept_answered_at_ms", BigInteger),
    Column("erased_at_ms", BigInteger),
    Index("appeals_of_campaign", "campaign", "contested"),
    Index("appeals_of_account", "account"),
    Index("appeals_by_time", "received_at_ms", "appeal_id"),
)
"""`contested` is the decision that is appealed against, `reopened` the row of the log that this appeal wrote."""
