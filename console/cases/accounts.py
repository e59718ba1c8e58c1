"""The accounts of a case, page by page: what each did, when, and in which other cases it was."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from models.alerts import Alert

PAGE: Final = 25
"""Accounts of one page."""
TARGETS_NAMED: Final = 3
FIND_CHARACTERS_MAX: Final = 128


class AccountRow(Struct, frozen=True):
    """One account with the evidence on it. Times are epoch ms, None where the alert lists no act of it."""

    at: int
    """Position in `Alert.accounts`."""
    account: str
    acts: int
    """Acts that the alert lists; it lists at most 2,000 of all accounts together."""
    targets: tuple[tuple[str, str], ...]
    """Those it acted on most, at most `TARGETS_NAMED`: (layer, target)."""
    targets_total: int
    first_ms: int | None
    last_ms: int | None
    cases: tuple[str, ...] = ()
    """Other cases that it was in, of those that were looked at."""


class AccountPage(Struct, frozen=True):
    """Some accounts of a case."""

    rows: list[AccountRow]
    page: int
    """From 1."""
    pages: int
    found: int
    """Accounts on all pages."""


def account_page(alert: Alert, find: str = "", page: int = 1) -> AccountPage:
    """Return the accounts whose name has `find` in it, the busiest first; a `page` beyond the last is the last."""
    of_account: dict[int, list[tuple[int, int]]] = {}
    for at, target, at_ms in alert.links:
        of_account.setdefault(at, []).append((target, at_ms))
    wanted = find.strip()[:FIND_CHARACTERS_MAX].casefold()
    found = [at for at, name in enumerate(alert.accounts) if wanted in name.casefold()]
    breadth = {at: len({target for target, _ in acts}) for at, acts in of_account.items()}
    found.sort(key=lambda at: (-breadth.get(at, 0), -len(of_account.get(at, ())), at))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    chosen = found[(page - 1) * PAGE : page * PAGE]
    return AccountPage([_row(alert, at, of_account.get(at, [])) for at in chosen], page, pages, len(found))


def with_cases(page: AccountPage, names: list[str], cases: Mapping[str, tuple[str, ...]]) -> AccountPage:
    """Return the page with the other `cases` of each account, by its name in `names` (as the store has it)."""
    rows = [
        AccountRow(
            row.at, row.account, row.acts, row.targets, row.targets_total, row.first_ms, row.last_ms,
            cases.get(names[row.at], ()),
        )
        for row in page.rows
    ]  # fmt: skip
    return AccountPage(rows, page.page, page.pages, page.found)


def _row(alert: Alert, at: int, acts: list[tuple[int, int]]) -> AccountRow:
    times = [at_ms for _, at_ms in acts]
    counts: dict[int, int] = {}
    for target, _ in acts:
        counts[target] = counts.get(target, 0) + 1
    most = sorted(counts, key=lambda target: (-counts[target], target))
    named = tuple((alert.targets[target].layer, alert.targets[target].target) for target in most[:TARGETS_NAMED])
    first_ms, last_ms = (min(times), max(times)) if times else (None, None)
    return AccountRow(at, alert.accounts[at], len(acts), named, len(counts), first_ms, last_ms)
