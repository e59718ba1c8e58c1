"""The log of exports."""

import sqlalchemy as sa
from alembic import op

revision = "0013_exports"
down_revision = "0012_accounts"


def upgrade() -> None:
    """Make the table, and let the database refuse to change it."""
    op.create_table(
        "export_log",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("exported_at_ms", sa.BigInteger, nullable=False),
        sa.Column("exported_by", sa.String(128), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("form", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(64)),
        sa.Column("filters", sa.String(1024), nullable=False),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.Column("accounts", sa.BigInteger, nullable=False),
    )
    op.create_index("export_log_by_time", "export_log", ["exported_at_ms"])
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER export_log_no_{what.lower()} BEFORE {what} ON export_log "
                "BEGIN SELECT RAISE(ABORT, 'the log of exports is never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION export_log_never_changed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log of exports is never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER export_log_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON export_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION export_log_never_changed()"
    )
