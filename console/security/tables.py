"""Tables of people and sessions, on the store's metadata."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from streams.store.tables import metadata

users = Table(
    "users",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(256), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until_ms", BigInteger, nullable=False),
    Column("issuer", String(512)),
    Column("subject", String(255)),
    Index("users_by_subject", "issuer", "subject", unique=True),
)
"""`issuer` and `subject` say who somebody is at an identity provider; local users have neither, the others no
password."""

sessions = Table(
    "sessions",
    metadata,
    Column("id_sha256", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("seen_at_ms", BigInteger, nullable=False),
    Column("how", String(16), nullable=False, server_default="password"),
    Index("sessions_of_user", "user_id"),
)
"""Only digests of the ids are kept: who reads the database cannot take over a session."""

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""Keys of this deployment, made at first start."""

erased_cases = Table(
    "erased_cases",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("erased_at_ms", BigInteger, nullable=False),
)
"""Cases that were forgotten after the retention period, and up to which revision."""

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("scopes", String(512), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
    Column("last_used_ms", BigInteger),
    Column("revoked_at_ms", BigInteger),
)
"""Digests only. A token acts for its user, with that user's role of the moment and never more than its scopes."""
