"""Alerts as rows: the body, and beside it what a list of cases needs without opening a body."""

from typing import Any

from models.alerts import Alert
from models.codec import encode_alert
from streams.store.priority import priority

_AS_THEY_ARE = (
    "campaign", "revision", "kind", "headline", "at_ms", "accounts_total", "first_action_ms", "last_action_ms",
    "points", "operator", "targets_total", "p_log10", "chance",
)  # fmt: skip
LAYERS_CHARACTERS_MAX = 256


def row_of(alert: Alert) -> dict[str, Any]:
    """Return the row of `tables.alerts`, with its body."""
    actions = sum(target.members for target in alert.targets)
    posts = sum(family.posts for family in alert.families)
    reach = max(actions, posts, alert.accounts_total)
    row = {name: getattr(alert, name) for name in _AS_THEY_ARE}
    return row | {
        "state": alert.state.value,
        "outcome": alert.outcome.value,
        "severity": alert.severity.value,
        "families_total": len(alert.families),
        "actions": actions,
        "posts": posts,
        "reach": reach,
        "layers": ",".join(sorted({target.layer for target in alert.targets}))[:LAYERS_CHARACTERS_MAX],
        "priority": priority(alert.severity.value, reach, alert.last_action_ms),
        "body": encode_alert(alert),
    }


def revision_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of `tables.alert_revisions` for a row of `row_of`."""
    return {name: row[name] for name in ("campaign", "revision", "at_ms", "body")}


def without_body(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of `tables.alerts` for a row of `row_of`."""
    return {name: value for name, value in row.items() if name != "body"}
