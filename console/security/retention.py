"""Retention: forget who and what of old cases, and keep how many."""

import msgspec
from sqlalchemy import Connection, Engine, delete, select, update

from console.appeals.erase import erase_appeals
from console.appeals.waiting import waiting_cases
from console.decisions.erase import erase_details
from console.learn.erase import erase_learned
from console.messages.erase import erase_messages
from console.security.tables import erased_cases
from models.alerts import Alert
from models.codec import decode_alert, encode_alert
from streams.store.accounts import forget_accounts
from streams.store.engine import reading, writing
from streams.store.tables import alert_revisions, alerts
from streams.store.upsert import put_row

DAY_MS = 86_400_000
PAGE = 50
"""Cases forgotten in one transaction: writers of the worker wait no longer than that takes."""
FORGOTTEN = "A case after its retention period."


def apply(engine: Engine, days: int, now_ms: int) -> int:
    """Forget accounts, texts, targets and sentences of cases whose last action is `days` or more ago.

    Columns with counts, outcomes and times stay, and so do the decisions; their texts and left-out accounts go. A case
    with an appeal that waits is kept until somebody answers it.
    Returns how many cases were forgotten. Running it again finds only what is new.
    """
    before_ms = now_ms - days * DAY_MS
    erase_appeals(engine, before_ms, now_ms)  # before the details that outcomes of appeals follow from
    erase_details(engine, before_ms, now_ms)
    erase_learned(engine, before_ms)
    erase_messages(engine, before_ms)
    forgotten = 0
    while True:
        names = _old(engine, before_ms)
        if not names:
            return forgotten
        with writing(engine) as connection:
            for campaign, revision in names:
                _forget(connection, campaign, revision, now_ms)
        forgotten += len(names)


def _old(engine: Engine, before_ms: int) -> list[tuple[str, int]]:
    kept = select(alerts.c.campaign, alerts.c.revision).outerjoin(
        erased_cases, erased_cases.c.campaign == alerts.c.campaign
    )
    new = erased_cases.c.revision.is_(None) | (erased_cases.c.revision < alerts.c.revision)
    # who must answer an appeal has to see what it is about
    answered = alerts.c.campaign.not_in(waiting_cases())
    with reading(engine) as connection:
        found = connection.execute(kept.where((alerts.c.last_action_ms < before_ms) & new & answered).limit(PAGE))
        return [(row.campaign, row.revision) for row in found]


def _forget(connection: Connection, campaign: str, revision: int, now_ms: int) -> None:
    of_case = alert_revisions.c.campaign == campaign
    newest = of_case & (alert_revisions.c.revision == revision)
    bodies = connection.execute(select(alert_revisions.c.revision, alert_revisions.c.body).where(of_case))
    told = {number: decode_alert(body) for number, body in bodies}
    forget_accounts(connection, campaign, sorted({account for each in told.values() for account in each.accounts}))
    if revision in told:
        bare = encode_alert(without_people(told[revision]))
        connection.execute(update(alert_revisions).where(newest).values(body=bare))
    connection.execute(delete(alert_revisions).where(of_case & (alert_revisions.c.revision < revision)))
    connection.execute(update(alerts).where(alerts.c.campaign == campaign).values(headline=FORGOTTEN))
    put_row(connection, erased_cases, {"campaign": campaign, "revision": revision, "erased_at_ms": now_ms})


def without_people(alert: Alert) -> Alert:
    """Return the alert with its counts, times, names of items and figures only."""
    items = {
        name: [msgspec.structs.replace(each, sentence="") for each in getattr(alert, name)]
        for name in ("synchrony", "inauthenticity", "explanations")
    }
    families = [msgspec.structs.replace(each, texts=()) for each in alert.families]
    return msgspec.structs.replace(
        alert,
        headline=FORGOTTEN,
        accounts=[],
        targets=[],
        families=families,
        links=[],
        proof=[],
        facts=[],
        shared=[],
        **items,
    )
