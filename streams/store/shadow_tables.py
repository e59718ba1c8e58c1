"""Tables of shadow runs: what another configuration would have raised, apart from everything that is real."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table

from streams.store.tables import metadata

shadow_alerts = Table(
    "shadow_alerts",
    metadata,
    Column("shadow", String(64), primary_key=True),
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
    Column("points", Float, nullable=False),
    Column("configuration", String(64), nullable=False),
    Column("called", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("shadow_alerts_called", "shadow", "called", "last_action_ms"),
)
"""The newest revision of each campaign of a shadow. `called` stays true once somebody would have been called."""
