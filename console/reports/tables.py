"""Table of what decisions reached, on the store's metadata."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table

from streams.store.tables import metadata

decision_reach = Table(
    "decision_reach",
    metadata,
    Column("number", BigInteger, ForeignKey("decisions.number"), primary_key=True, autoincrement=False),
    Column("accounts", Integer, nullable=False),
    Column("posts", Integer, nullable=False),
    Column("raised_at_ms", BigInteger),
)
"""Counts of the case at the moment of a judgement: a case grows, and retention forgets accounts, but a report of a
past week must stay what it was. `accounts` are without those left out; `raised_at_ms` is when the case first called
somebody."""
