"""Tables of messages, on the store's metadata."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from streams.store.tables import metadata

message_outbox = Table(
    "message_outbox",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False, unique=True),
    Column("destination", String(24), nullable=False),
    Column("campaign", String(64), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("in_digest", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("due_at_ms", BigInteger, nullable=False),
    Column("ended_at_ms", BigInteger),
    Index("message_outbox_due", "destination", "state", "due_at_ms"),
    Index("message_outbox_by_case", "campaign", "state"),
)
"""One row for each message to each destination. `state`: `waiting`, `sent`, `merged` (a later message of the case told
it), `dead` (given up). `body` is JSON of `console.messages.facts.Facts`; it names no account and quotes no post."""

message_threads = Table(
    "message_threads",
    metadata,
    Column("destination", String(24), primary_key=True),
    Column("campaign", String(64), primary_key=True),
    Column("reference", String(300), nullable=False),
    Column("changed_at_ms", BigInteger, nullable=False),
)
"""Which destination was told of which case, and how the service names that message; empty until it was sent."""

message_destinations = Table(
    "message_destinations",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("sent", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("dead", BigInteger, nullable=False),
    Column("last_sent_ms", BigInteger),
    Column("paused_until_ms", BigInteger, nullable=False),
    Column("off_since_ms", BigInteger),
    Column("off_reason", String(200), nullable=False),
)
"""What happened at each destination so far."""

message_cases = Table(
    "message_cases",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
)
"""Newest revision of each case that was looked at."""

message_cursors = Table(
    "message_cursors",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("number", BigInteger, nullable=False),
)
"""How far the log of decisions was looked at; the row is made at the first start."""
