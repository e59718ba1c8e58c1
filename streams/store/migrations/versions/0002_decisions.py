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
