"""Tables of the store. Two: the newest state of each campaign, and every revision (append-only)."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

alerts = Table(
    "alerts",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("headline", String, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("accounts_total", Integer, nullable=False),
    Column("first_action_ms", BigInteger, nullable=False),
    Column("last_action_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("alerts_by_time", "at_ms"),
)

alert_revisions = Table(
    "alert_revisions",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
