"""Tables of the allow list, on the store's metadata."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from streams.store.tables import metadata

allow_entries = Table(
    "allow_entries",
    metadata,
    Column("entry", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("value", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("added_by", String(128), nullable=False),
    Column("added_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
    Column("verdict_id", String(32), nullable=False),
    Column("removed_at_ms", BigInteger),
    Index("allow_entries_by_value", "kind", "value"),
    Index("allow_entries_by_end", "expires_at_ms"),
)
"""What the allow list holds, and what it held: a removed entry stays, with the moment."""

allow_log = Table(
    "allow_log",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry", String(32), nullable=False),
    Column("action", String(16), nullable=False),
    Column("by", String(128), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Index("allow_log_of_entry", "entry", "number"),
)
"""Who added and removed what: rows are only added; their texts go after the retention period."""
