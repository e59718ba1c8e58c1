"""In which cases accounts were raised."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, Engine, delete, select

from models.alerts import Alert, AlertState
from streams.store.engine import reading
from streams.store.tables import account_cases, alerts
from streams.store.upsert import add_missing

ACCOUNTS_AT_ONCE: Final = 500
"""Accounts asked for in one statement; SQLite knows a limit of variables."""
CASES_MAX: Final = 200
"""Cases returned of one account."""


def keep_accounts(connection: Connection, told: Iterable[Alert]) -> None:
    """Keep who is in each case that was raised; a campaign that is only listed says nothing about anybody."""
    pairs = {
        (account, alert.campaign)
        for alert in told
        if alert.state is not AlertState.LISTED
        for account in alert.accounts
    }
    # sorted, so that writers of the same pairs do not wait in a circle
    add_missing(
        connection, account_cases, [{"account": account, "campaign": campaign} for account, campaign in sorted(pairs)]
    )


def forget_accounts(connection: Connection, campaign: str, accounts: Sequence[str]) -> None:
    """Forget that `accounts` were in `campaign`."""
    table = account_cases
    for chosen in _pieces(accounts):
        connection.execute(delete(table).where(table.c.account.in_(chosen) & (table.c.campaign == campaign)))


def cases_of(engine: Engine, accounts: Collection[str]) -> dict[str, list[str]]:
    """Return the cases in which each of `accounts` was raised, those that acted last first, at most `CASES_MAX` each.

    Accounts that were in none are not among the keys. Raises `StoreUnavailable`.
    """
    found: dict[str, list[str]] = {}
    table = account_cases
    with reading(engine) as connection:
        for chosen in _pieces(sorted(set(accounts))):
            query = (
                select(table.c.account, table.c.campaign)
                .join(alerts, alerts.c.campaign == table.c.campaign)
                .where(table.c.account.in_(chosen))
                .order_by(alerts.c.last_action_ms.desc(), table.c.campaign)
            )
            for account, campaign in connection.execute(query):
                cases = found.setdefault(account, [])
                if len(cases) < CASES_MAX:
                    cases.append(campaign)
    return found


def _pieces(accounts: Sequence[str]) -> Iterable[Sequence[str]]:
    return (accounts[at : at + ACCOUNTS_AT_ONCE] for at in range(0, len(accounts), ACCOUNTS_AT_ONCE))
