"""A SynchroTrap of our own: pairs by the Jaccard of their matched actions, then connected components.

Two actions match if they are of one kind, on one target, at most `WINDOW_MS` apart; a target counts once for
a pair. Similarity is matched / (actions of one + actions of the other - matched). The original works
a day at a time on Hadoop and adds the days up; here the stream is the day.
Source: Cao, Yang, Yu, Palow: Uncovering large groups of active malicious accounts in online social
networks, CCS 2014, sections 4.1 to 4.3.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from evaluation.peers.acts import acts_of
from evaluation.peers.graph import Pair, components, ordered
from evaluation.peers.method import Groups
from models.events import AnyEvent

WINDOW_MS = 60_000
SIMILARITY_MIN = 0.3
MATCHES_MIN = 3
ACCOUNTS_MIN = 10

Shared = tuple[str, str]


def find(events: Sequence[AnyEvent]) -> Groups:
    """See the module; options are chosen in docs/peers.md."""
    return cluster(events, WINDOW_MS, SIMILARITY_MIN)


def cluster(events: Iterable[AnyEvent], window_ms: int, similarity_min: float) -> Groups:
    """Groups of 10 accounts or more, linked by pairs that are similar enough."""
    first: dict[Shared, dict[str, int]] = {}
    actions: Counter[str] = Counter()
    for act in acts_of(events):
        acted = first.setdefault((act.kind, act.target), {})
        if act.account not in acted:
            acted[act.account] = act.time_ms
            actions[act.account] += 1
    busy = {account for account, number in actions.items() if number >= MATCHES_MIN}
    matches: Counter[Pair] = Counter()
    for acted in first.values():
        matches.update(_matched(sorted((at, account) for account, at in acted.items() if account in busy), window_ms))
    linked = [
        pair
        for pair, number in matches.items()
        if number >= MATCHES_MIN and number >= similarity_min * (actions[pair[0]] + actions[pair[1]] - number)
    ]
    return Groups(components(linked, ACCOUNTS_MIN), len(linked))


def _matched(acted: list[tuple[int, str]], window_ms: int) -> Iterator[Pair]:
    start = 0
    for at, (time_ms, account) in enumerate(acted):
        while time_ms - acted[start][0] > window_ms:
            start += 1
        for _, other in acted[start:at]:
            yield ordered(account, other)
