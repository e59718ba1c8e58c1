"""The accounts of a case, page by page: what each did and when, what is known of it, and where else it was raised."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from models.alerts import OWN, AccountFacts, Alert

PAGE: Final = 25
"""Accounts of one page."""
TARGETS_NAMED: Final = 3
FIND_CHARACTERS_MAX: Final = 128
CASES_NAMED: Final = 4
DAY_MS: Final = 86_400_000
KINDS: Final = ("client", "device", "network")


class Source(Struct, frozen=True):
    """Where an account acts from: one of `KINDS`."""

    kind: str
    value: str | None
    """None where nobody else of the case has it, whatever it is."""
    accounts: int
    """Accounts of the case that have it."""


class Known(Struct, frozen=True):
    """What the platform told of one account. Times are epoch ms."""

    registered_at_ms: int | None = None
    registered_with: int = 0
    """Accounts of the case registered on the same day (UTC), this one among them."""
    followers: int | None = None
    sources: tuple[Source, ...] = ()


NOTHING_KNOWN: Final = Known()


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
    known: Known = NOTHING_KNOWN
    cases: tuple[str, ...] = ()
    """Other cases that it was raised in, the last active ones, at most `CASES_NAMED`."""
    cases_total: int = 0


class AccountPage(Struct, frozen=True):
    """Some accounts of a case."""

    rows: list[AccountRow]
    page: int
    """From 1."""
    pages: int
    found: int
    """Accounts on all pages."""
    facts: bool = False
    """Whether anything is known of any account of the case."""


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
    known = _Knowledge(alert)
    rows = [_row(alert, at, of_account.get(at, []), known.of(at)) for at in chosen]
    return AccountPage(rows, page, pages, len(found), bool(alert.facts))


def with_cases(page: AccountPage, names: Sequence[str], cases: Mapping[str, Sequence[str]], own: str) -> AccountPage:
    """Return the page with the `cases` of each account but `own`, by its name in `names` (as the store has it)."""
    rows = []
    for row in page.rows:
        others = [case for case in cases.get(names[row.at], ()) if case != own]
        rows.append(replace(row, cases=tuple(others[:CASES_NAMED]), cases_total=len(others)))
    return replace(page, rows=rows)


class _Knowledge:
    """Facts of a case, and how many of its accounts have each in common."""

    def __init__(self, alert: Alert) -> None:
        self._alert = alert
        registered = (facts.registered_at_ms for facts in alert.facts)
        self._days = Counter(at_ms // DAY_MS for at_ms in registered if at_ms is not None)
        self._shared = Counter(
            at for facts in alert.facts for kind in KINDS if (at := getattr(facts, kind)) is not None
        )

    def of(self, at: int) -> Known:
        """Return what is known of the account at this position."""
        if at >= len(self._alert.facts):
            return NOTHING_KNOWN
        facts = self._alert.facts[at]
        registered_ms = facts.registered_at_ms
        together = 0 if registered_ms is None else self._days[registered_ms // DAY_MS]
        sources = tuple(found for kind in KINDS if (found := self._source(facts, kind)) is not None)
        return Known(registered_ms, together, facts.followers, sources)

    def _source(self, facts: AccountFacts, kind: str) -> Source | None:
        at = getattr(facts, kind)
        if at is None:
            return None
        return Source(kind, None, 1) if at == OWN else Source(kind, self._alert.shared[at], self._shared[at])


def _row(alert: Alert, at: int, acts: list[tuple[int, int]], known: Known) -> AccountRow:
    times = [at_ms for _, at_ms in acts]
    counts: dict[int, int] = {}
    for target, _ in acts:
        counts[target] = counts.get(target, 0) + 1
    most = sorted(counts, key=lambda target: (-counts[target], target))
    named = tuple((alert.targets[target].layer, alert.targets[target].target) for target in most[:TARGETS_NAMED])
    first_ms, last_ms = (min(times), max(times)) if times else (None, None)
    return AccountRow(at, alert.accounts[at], len(acts), named, len(counts), first_ms, last_ms, known)
