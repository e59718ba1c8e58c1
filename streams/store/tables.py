"""Tables of the store: the newest state and every revision of campaigns; the newest word on topics and lists."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

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
    # What a list of cases shows and sorts by. The bodies stand in `alert_revisions` only: SQLite would have to
    # read through half a megabyte of body for a column behind it.
    Column("points", Float, nullable=False, server_default="0"),
    Column("operator", String(64)),
    Column("targets_total", Integer, nullable=False, server_default="0"),
    Column("families_total", Integer, nullable=False, server_default="0"),
    Column("actions", Integer, nullable=False, server_default="0"),
    Column("posts", Integer, nullable=False, server_default="0"),
    Column("reach", Integer, nullable=False, server_default="0"),
    Column("layers", String(256), nullable=False, server_default=""),
    Column("p_log10", Float, nullable=False, server_default="0"),
    Column("chance", String, nullable=False, server_default=""),
    Column("priority", Float, nullable=False, server_default="0"),
    Index("alerts_by_time", "at_ms"),
    Index("alerts_by_priority", "priority", "campaign"),
)

alert_revisions = Table(
    "alert_revisions",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

account_cases = Table(
    "account_cases",
    metadata,
    # in which cases an account was ever raised: the whole history that there is of an account
    Column("account", String(128), primary_key=True),
    Column("campaign", String(64), primary_key=True),
    Index("account_cases_of_campaign", "campaign"),
    sqlite_with_rowid=False,
)

trend_verdicts = Table(
    "trend_verdicts",
    metadata,
    Column("key", String(256), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("score", Float, nullable=False),
    Column("headline", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("trend_verdicts_by_time", "at_ms"),
)

trend_places = Table(
    "trend_places",
    metadata,
    Column("list", String(256), primary_key=True),
    Column("key", String(256), ForeignKey("trend_verdicts.key", ondelete="CASCADE"), primary_key=True),
    Column("rank", Integer),
    Column("rank_without", Integer),
)

trend_lists = Table(
    "trend_lists",
    metadata,
    Column("name", String(256), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
