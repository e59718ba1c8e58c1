"""Tables of the pages of cases, on the store's metadata."""

from sqlalchemy import BigInteger, Column, String, Table

from streams.store.tables import metadata

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("query", String(4096), nullable=False),
    Column("saved_at_ms", BigInteger, nullable=False),
)
"""`query` is the part of the queue's address behind the question mark."""
