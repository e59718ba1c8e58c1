"""The columns of a queue, filled from what is kept, and the tables of decisions."""

import json
from math import log2
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002_decisions"
down_revision = "0001_alerts"

PAGE = 100
WEIGHT = {"critical": 64.0, "high": 16.0, "medium": 4.0, "low": 1.0}


def upgrade() -> None:
    """Add the columns, fill them, make the tables."""
    _columns()
    _fill(op.get_bind())
    _keep_bodies(op.get_bind())
    # every revision has its body in alert_revisions; rows without bodies are what makes a list quick
    op.drop_column("alerts", "body")
    _log()
    _work()
    _never_changed()


def _columns() -> None:
    whole = dict.fromkeys(("targets_total", "families_total", "actions", "posts", "reach"), sa.Integer)
    for name, kind in {"points": sa.Float, **whole, "p_log10": sa.Float, "priority": sa.Float}.items():
        op.add_column("alerts", sa.Column(name, kind, nullable=False, server_default="0"))
    op.add_column("alerts", sa.Column("operator", sa.String(64)))
    op.add_column("alerts", sa.Column("layers", sa.String(256), nullable=False, server_default=""))
    op.add_column("alerts", sa.Column("chance", sa.String, nullable=False, server_default=""))
    op.create_index("alerts_by_priority", "alerts", ["priority", "campaign"])


def _fill(connection: sa.Connection) -> None:
    """Take the figures out of the bodies, some at a time."""
    table = sa.table("alerts", *(sa.column(name) for name in ("campaign", "body", *_figures({}))))
    after = ""
    while True:
        page = sa.select(table.c.campaign, table.c.body).where(table.c.campaign > after)
        rows = connection.execute(page.order_by(table.c.campaign).limit(PAGE)).all()
        if not rows:
            return
        for campaign, body in rows:
            figures = _figures(json.loads(body))
            connection.execute(sa.update(table).where(table.c.campaign == campaign).values(figures))
        after = rows[-1].campaign


def _keep_bodies(connection: sa.Connection) -> None:
    """See to it that the newest body of every case is among its revisions, where it is read from now on."""
    connection.execute(
        sa.text(
            "INSERT INTO alert_revisions (campaign, revision, at_ms, body) "
            "SELECT campaign, revision, at_ms, body FROM alerts WHERE NOT EXISTS (SELECT 1 FROM alert_revisions kept "
            "WHERE kept.campaign = alerts.campaign AND kept.revision = alerts.revision)"
        )
    )


def _figures(body: dict[str, Any]) -> dict[str, Any]:
    targets = body.get("targets") or []
    families = body.get("families") or []
    actions = sum(target["members"] for target in targets)
    posts = sum(family["posts"] for family in families)
    reach = max(actions, posts, body.get("accounts_total") or 0)
    days = (body.get("last_action_ms") or 0) / 86_400_000
    return {
        "points": body.get("points") or 0.0,
        "operator": body.get("operator"),
        "targets_total": body.get("targets_total") or 0,
        "families_total": len(families),
        "actions": actions,
        "posts": posts,
        "reach": reach,
        "layers": ",".join(sorted({target["layer"] for target in targets}))[:256],
        "p_log10": body.get("p_log10") or 0.0,
        "chance": body.get("chance") or "",
        "priority": log2(WEIGHT.get(str(body.get("severity")), 1.0)) + log2(max(1, reach)) + days,
    }


def _log() -> None:
    op.create_table(
        "decisions",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(128), nullable=False),
        sa.Column("decided_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("decisions_of_campaign", "decisions", ["campaign", "number"])
    op.create_index("decisions_by_time", "decisions", ["decided_at_ms"])
    op.create_table(
        "decision_details",
        sa.Column("number", sa.BigInteger, sa.ForeignKey("decisions.number"), primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text),
        sa.Column("erased_at_ms", sa.BigInteger),
    )
    op.create_table(
        "case_status",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("last_number", sa.BigInteger, nullable=False),
        sa.Column("decided_by", sa.String(128)),
        sa.Column("decided_at_ms", sa.BigInteger),
        sa.Column("decided_revision", sa.Integer),
        sa.Column("reason", sa.String(16), nullable=False, server_default=""),
        sa.Column("assigned_user", sa.String(128)),
        sa.Column("assigned_role", sa.String(16)),
    )
    op.create_index("case_status_by_status", "case_status", ["status", "campaign"])


def _work() -> None:
    op.create_table(
        "verdict_outbox",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, sa.ForeignKey("decisions.number")),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("sent_at_ms", sa.BigInteger),
    )
    op.create_index("verdict_outbox_unsent", "verdict_outbox", ["sent_at_ms", "position"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "notes",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("written_by", sa.String(128), nullable=False),
        sa.Column("written_at_ms", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("notes_by_time", "notes", ["written_at_ms"])
    op.create_table(
        "claims",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("claimed_by", sa.String(128), nullable=False),
        sa.Column("claimed_at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "presence",
        sa.Column("campaign", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(128), primary_key=True),
        sa.Column("seen_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("presence_by_time", "presence", ["seen_at_ms"])


def _never_changed() -> None:
    """Let the database itself refuse to change or remove a decision, whoever asks by mistake."""
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER decisions_no_{what.lower()} BEFORE {what} ON decisions "
                "BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION decisions_never_changed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'decisions are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER decisions_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions "
        "FOR EACH STATEMENT EXECUTE FUNCTION decisions_never_changed()"
    )
