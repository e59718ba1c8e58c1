"""File an appeal: check it against the case, reopen the case, keep the appeal. All or nothing, in one transaction."""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine, func, select

from console.appeals.entries import (
    AHEAD_MAX_MS,
    CAMPAIGN_CHARACTERS_MAX,
    ID_CHARACTERS_MAX,
    STATEMENT_CHARACTERS_MAX,
    Appeal,
    AppealRefused,
    Filing,
    Limits,
    Refusal,
)
from console.appeals.read import appeal_in
from console.appeals.tables import appeals
from console.appeals.waiting import WAITING
from console.decisions.decide import decide_in
from console.decisions.entries import Action, Body, Order
from console.decisions.errors import InvalidOrder, NoSuchCase
from console.decisions.fold import fold
from console.decisions.log import LOG_KEY, bodies_of, parse_details
from console.decisions.tables import case_status, decision_details
from console.security.tables import erased_cases
from models.ids import CampaignId
from streams.store.engine import serialise, writing
from streams.store.tables import account_cases, alert_revisions, alerts

DAY_MS = 86_400_000
HELD = ("confirmed", "watched")
OF_CASE_MAX = 20_000
"""Appeals in one case: four for each account that an alert names by default."""


class _Told(Struct):
    """The fields of an alert that are looked at; the others are skipped unread."""

    accounts: list[str]
    accounts_total: int


class _Matter(NamedTuple):
    """What is appealed against."""

    contested: Body
    confirming: tuple[Body, ...]
    """The decisions that it came about by: several for a confirmation by two people."""
    last_number: int


def file_appeal(engine: Engine, filing: Filing, by: str, now_ms: int, limits: Limits | None = None) -> Appeal:
    """Take the appeal and reopen its case; `by` is who files it (a user id). Filed again, it is the same appeal.

    Raises `InvalidOrder` for one that cannot be meant, `NoSuchCase`, and `AppealRefused` with the reason.
    """
    limits = limits or Limits()
    check_filing(filing, now_ms)
    with writing(engine) as connection:
        serialise(connection, LOG_KEY)
        appeal_id = id_of(filing.reference)
        known = connection.execute(select(appeals).where(appeals.c.appeal_id == appeal_id)).first()
        if known is not None:
            _refuse_other(known, filing)
        else:
            _take(connection, appeal_id, filing, by, now_ms, limits)
        found = appeal_in(connection, appeal_id)
    if found is None:
        raise AssertionError(f"appeal {appeal_id} was just written")
    return found


def id_of(reference: str) -> str:
    """Return the id of the appeal that a platform calls `reference`: 24 hex digits."""
    return hashlib.sha256(f"appeal\n{reference}".encode()).hexdigest()[:24]


def check_filing(filing: Filing, now_ms: int) -> None:
    """Raise `InvalidOrder` for an appeal that is wrong whatever the case is like."""
    for name, value, characters_max in (
        ("reference", filing.reference, ID_CHARACTERS_MAX),
        ("account", filing.account, ID_CHARACTERS_MAX),
        ("campaign", filing.campaign or "-", CAMPAIGN_CHARACTERS_MAX),
    ):
        if not (0 < len(value) <= characters_max and value.isprintable() and value == value.strip()):
            raise InvalidOrder(name, f"1 to {characters_max} printable characters, no space at either end")
    if len(filing.statement) > STATEMENT_CHARACTERS_MAX or "\x00" in filing.statement:
        raise InvalidOrder("statement", f"at most {STATEMENT_CHARACTERS_MAX} characters, no null character")
    if filing.filed_at_ms > now_ms + AHEAD_MAX_MS:
        raise InvalidOrder("filed_at_ms", "lies in the future")


def _refuse_other(known: Any, filing: Filing) -> None:
    """After the retention period nothing is left to compare with, and the reference alone counts."""
    if known.erased_at_ms is not None:
        return
    same = (known.account, known.statement, known.filed_at_ms) == (
        filing.account,
        filing.statement,
        filing.filed_at_ms,
    )
    if not same or filing.campaign not in (None, known.campaign):
        raise AppealRefused(Refusal.REFERENCE_USED, "another appeal was filed under this reference")


def _take(connection: Connection, appeal_id: str, filing: Filing, by: str, now_ms: int, limits: Limits) -> None:
    campaign = filing.campaign or _newest_case_of(connection, filing.account)
    revision = _revision(connection, campaign)
    matter = _matter(bodies_of(connection, campaign))
    _refuse_stranger(connection, campaign, matter, filing.account)
    _refuse_late(filing, matter, limits)
    _refuse_many(connection, campaign, filing.account, limits)
    order = Order(CampaignId(campaign), Action.REOPEN, by, revision, matter.last_number, text=f"appeal {appeal_id}")
    decided = decide_in(connection, order, now_ms)
    row = {
        "appeal_id": appeal_id,
        "reference": filing.reference,
        "campaign": campaign,
        "account": filing.account,
        "statement": filing.statement,
        "filed_at_ms": filing.filed_at_ms,
        "received_at_ms": now_ms,
        "filed_by": by,
        "contested": matter.contested.number,
        "reopened": decided.number,
    }
    connection.execute(appeals.insert().values(row))


def _newest_case_of(connection: Connection, account: str) -> str:
    joined = account_cases.join(case_status, case_status.c.campaign == account_cases.c.campaign)
    contested = select(appeals.c.campaign)
    decided = case_status.c.status.in_(HELD) | case_status.c.campaign.in_(contested)
    query = select(account_cases.c.campaign).select_from(joined).where((account_cases.c.account == account) & decided)
    newest = query.order_by(case_status.c.last_number.desc()).limit(1)
    campaign = connection.execute(newest).scalar()
    if campaign is None:
        raise AppealRefused(Refusal.NOT_DECIDED, "no decided case is known of this account")
    return str(campaign)


def _revision(connection: Connection, campaign: str) -> int:
    revision = connection.execute(select(alerts.c.revision).where(alerts.c.campaign == campaign)).scalar()
    if revision is None:
        raise NoSuchCase(campaign)
    erased = connection.execute(select(erased_cases.c.revision).where(erased_cases.c.campaign == campaign)).scalar()
    if erased is not None and erased >= revision:
        raise _forgotten()
    return int(revision)


def _forgotten() -> AppealRefused:
    return AppealRefused(Refusal.FORGOTTEN, "the accounts and texts of the case were deleted after their time")


def _matter(rows: Sequence[Body]) -> _Matter:
    """Find the decision that counts, or that counted until appeals reopened the case."""
    last_number = rows[-1].number if rows else 0
    folded = fold(rows)
    at = len(rows)
    while not folded.effective:
        at = next((n for n in range(at - 1, -1, -1) if rows[n].action is Action.REOPEN), -1)
        if at < 0:
            raise AppealRefused(Refusal.NOT_DECIDED, "nobody has decided on this case, or the decision was taken back")
        folded = fold(rows[:at])
    top = folded.effective[-1]
    if top.action is Action.DISMISS:
        raise AppealRefused(Refusal.NOTHING_HELD, "the case was dismissed: nothing is held against its accounts")
    return _Matter(top, folded.confirming if top.action is Action.CONFIRM else (top,), last_number)


def _refuse_stranger(connection: Connection, campaign: str, matter: _Matter, account: str) -> None:
    table = alert_revisions
    decided = (table.c.campaign == campaign) & (table.c.revision == matter.contested.revision)
    body = connection.execute(select(table.c.body).where(decided)).scalar()
    if body is None:
        raise _forgotten()
    told = msgspec.json.decode(body, type=_Told)
    # an alert names so many accounts at most; of one that it does not name the platform's word is taken
    if account not in told.accounts and len(told.accounts) >= told.accounts_total:
        raise AppealRefused(Refusal.NOT_OF_CASE, "the account was not of this case when it was decided")
    numbers = [body.number for body in matter.confirming]
    found = connection.execute(select(decision_details.c.body).where(decision_details.c.number.in_(numbers)))
    if any(account in parse_details(text).accounts_left_out for (text,) in found if text):
        raise AppealRefused(Refusal.NOTHING_HELD, "the decision left this account out")


def _refuse_late(filing: Filing, matter: _Matter, limits: Limits) -> None:
    if filing.filed_at_ms > matter.contested.at_ms + limits.days * DAY_MS:
        raise AppealRefused(Refusal.TOO_LATE, f"accounts may appeal within {limits.days} days of the decision")


def _refuse_many(connection: Connection, campaign: str, account: str, limits: Limits) -> None:
    own = (appeals.c.campaign == campaign) & (appeals.c.account == account)
    if connection.execute(select(appeals.c.appeal_id).where(own & WAITING)).first() is not None:
        raise AppealRefused(Refusal.WAITS_ALREADY, "an appeal of this account in this case waits for an answer")
    count = connection.execute(select(func.count()).select_from(appeals).where(own)).scalar_one()
    of_case = select(func.count()).select_from(appeals).where(appeals.c.campaign == campaign)
    if connection.execute(of_case).scalar_one() >= OF_CASE_MAX:
        raise AppealRefused(Refusal.TOO_MANY, f"a case takes {OF_CASE_MAX:,} appeals")
    if count >= limits.per_account_max:
        raise AppealRefused(Refusal.TOO_MANY, f"an account may appeal {limits.per_account_max} times in one case")
