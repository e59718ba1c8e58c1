"""Co-share pairs as CooRTweet counts them: two accounts share one object within a time window."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from msgspec import Struct

from models.events import AnyEvent, Post


class CoShares(Struct, frozen=True):
    """Pairs of shares, and how often each pair of accounts met."""

    pairs: int
    edges: Counter[tuple[str, str]]


def co_shares(events: Iterable[AnyEvent], window_ms: int, shares_min: int = 2) -> CoShares:
    """Count pairs of shares of one object, by different accounts, at most `window_ms` apart.

    Accounts with fewer than `shares_min` shares in all are left out first.
    Source: Righetti and Balluff, CooRTweet 2.1, `detect_groups(min_participation, time_window)`.
    """
    shares: dict[str, list[tuple[int, str]]] = defaultdict(list)
    totals: Counter[str] = Counter()
    for event in events:
        if isinstance(event, Post) and event.repost_of is not None:
            shares[event.repost_of].append((event.created_at_ms, event.account_id))
            totals[event.account_id] += 1
    edges: Counter[tuple[str, str]] = Counter()
    for shared in shares.values():
        edges.update(_pairs(sorted(each for each in shared if totals[each[1]] >= shares_min), window_ms))
    return CoShares(edges.total(), edges)


def _pairs(shared: list[tuple[int, str]], window_ms: int) -> Iterable[tuple[str, str]]:
    start = 0
    for at, (time_ms, account) in enumerate(shared):
        while time_ms - shared[start][0] > window_ms:
            start += 1
        for _, other in shared[start:at]:
            if other != account:
                yield (min(account, other), max(account, other))
