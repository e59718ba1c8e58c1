"""Tables of decisions, on the store's metadata."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from streams.store.tables import metadata

decisions = Table(
    "decisions",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("previous", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    # copies out of the body, to search by; `console.decisions.audit` holds them to it
    Column("campaign", String(64), nullable=False),
    Column("action", String(16), nullable=False),
    Column("decided_by", String(128), nullable=False),
    Column("decided_at_ms", BigInteger, nullable=False),
    Index("decisions_of_campaign", "campaign", "number"),
    Index("decisions_by_time", "decided_at_ms"),
)
"""The log: rows are added and never changed. `body` is canonical JSON."""

decision_details = Table(
    "decision_details",
    metadata,
    Column("number", BigInteger, ForeignKey("decisions.number"), primary_key=True, autoincrement=False),
    Column("body", Text),
    Column("erased_at_ms", BigInteger),
)
"""Free text and left-out accounts of a decision. The log holds a salted digest of them only, so that they can be
forgotten after the retention period while the chain stays whole."""

case_status = Table(
    "case_status",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("last_number", BigInteger, nullable=False),
    Column("decided_by", String(128)),
    Column("decided_at_ms", BigInteger),
    Column("decided_revision", Integer),
    Column("reason", String(16), nullable=False, server_default=""),
    Column("assigned_user", String(128)),
    Column("assigned_role", String(16)),
    Index("case_status_by_status", "status", "campaign"),
)
"""What follows from the log for each campaign, for lists; made again from the log at each decision."""

verdict_outbox = Table(
    "verdict_outbox",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, ForeignKey("decisions.number")),
    Column("campaign", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("sent_at_ms", BigInteger),
    Index("verdict_outbox_unsent", "sent_at_ms", "position"),
)
"""Verdicts on their way to Kafka, in order of `position`."""

leases = Table(
    "leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
)
"""Who does what only one process may do at a time."""

notes = Table(
    "notes",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("written_by", String(128), nullable=False),
    Column("written_at_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Index("notes_by_time", "written_at_ms"),
)

claims = Table(
    "claims",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("claimed_by", String(128), nullable=False),
    Column("claimed_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
)

presence = Table(
    "presence",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("user_id", String(128), primary_key=True),
    Column("seen_at_ms", BigInteger, nullable=False),
    Index("presence_by_time", "seen_at_ms"),
)
