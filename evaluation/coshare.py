"""Co-share pairs as CooRTweet counts them: two accounts share one object within a time window."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import chain

from msgspec import Struct

from models.events import AnyEvent, Post

Share = tuple[str, str, int]
"""Object, account, time in ms."""


class CoShares(Struct, frozen=True):
    """Pairs of shares, and how often each pair of accounts met."""

    pairs: int
    edges: Counter[tuple[str, str]]


def reposts(event: AnyEvent) -> Iterable[Share]:
    """What CooRTweet's own data holds: who reposted what."""
    if isinstance(event, Post) and event.repost_of is not None:
        yield event.repost_of, event.account_id, event.created_at_ms


def co_shares(
    events: Iterable[AnyEvent],
    window_ms: int,
    shares_min: int = 2,
    shares_of: Callable[[AnyEvent], Iterable[Share]] = reposts,
) -> CoShares:
    """Count pairs of shares of one object, by different accounts, at most `window_ms` apart.

    Accounts with fewer than `shares_min` shares in all are left out first. `shares_of` says what an
    event shares.
    Source: Righetti and Balluff, CooRTweet 2.1, `detect_groups(min_participation, time_window)`.
    """
    return co_shares_among(chain.from_iterable(map(shares_of, events)), window_ms, shares_min)


def co_shares_among(shares: Iterable[Share], window_ms: int, shares_min: int = 2) -> CoShares:
    """The same for shares of any sort."""
    by_object: dict[str, list[tuple[int, str]]] = defaultdict(list)
    totals: Counter[str] = Counter()
    for shared, account, time_ms in shares:
        by_object[shared].append((time_ms, account))
        totals[account] += 1
    edges: Counter[tuple[str, str]] = Counter()
    for sharers in by_object.values():
        edges.update(_pairs(sorted(each for each in sharers if totals[each[1]] >= shares_min), window_ms))
    return CoShares(edges.total(), edges)


def _pairs(shared: list[tuple[int, str]], window_ms: int) -> Iterable[tuple[str, str]]:
    start = 0
    for at, (time_ms, account) in enumerate(shared):
        while time_ms - shared[start][0] > window_ms:
            start += 1
        for _, other in shared[start:at]:
            if other != account:
                yield (min(account, other), max(account, other))
