"""The log of exports, on the store's metadata."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from streams.store.tables import metadata

export_log = Table(
    "export_log",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("exported_at_ms", BigInteger, nullable=False),
    Column("exported_by", String(128), nullable=False),
    Column("way", String(8), nullable=False),
    Column("form", String(32), nullable=False),
    Column("campaign", String(64)),
    Column("filters", String(1024), nullable=False),
    Column("cases", Integer, nullable=False),
    Column("accounts", BigInteger, nullable=False),
    Index("export_log_by_time", "exported_at_ms"),
)
"""Rows are added and never changed; the database itself refuses that. No account and no text is in it."""
