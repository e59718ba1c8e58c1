"""A CopyCatch of our own: temporally coherent near-bipartite cores, grown from seeds.

A core is a set of targets, a moment for each, and the accounts that acted on a share of at least `SHARE_MIN` of the
targets within `WINDOW_MS` of their moments. From a seed account's own acts, three steps are repeated until the
accounts no longer grow: who is in, given targets and moments; the moment of each target that holds most of
them; the targets that most of them share.
Source: Beutel, Xu, Guruswami, Palow, Faloutsos: CopyCatch, WWW 2013, algorithms 1 to 3.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from evaluation.peers.acts import TEXT, acts_of
from evaluation.peers.graph import in_order
from evaluation.peers.method import Groups
from models.events import AnyEvent
from models.ids import hash64

ACCOUNTS_MIN = 10
"""n of the paper."""
TARGETS = 8
"""m of the paper."""
SHARE_MIN = 0.8
"""rho of the paper."""
WINDOW_MS = 300_000
"""Delta t of the paper: an act counts within this, before or after the moment of its target."""
SEEDS_MAX = 3_000
ROUNDS_MAX = 8

Target = tuple[str, str]


class Acted(Struct, frozen=True):
    """First acts, by account and by target, times in ms."""

    by_account: dict[str, dict[Target, int]]
    by_target: dict[Target, dict[str, int]]


def find(events: Sequence[AnyEvent]) -> Groups:
    """See the module; options are chosen in docs/peers.md."""
    return cores(events, WINDOW_MS, TARGETS)


def cores(events: Sequence[AnyEvent], window_ms: int, targets: int) -> Groups:
    """Cores of 10 accounts or more. Accounts of a core are no seeds again; seeds are drawn by a hash of their id."""
    acted = _first_acts(events)
    seeds = [account for account, own in acted.by_account.items() if len(own) >= targets]
    found: list[frozenset[str]] = []
    taken: set[str] = set()
    for seed in sorted(seeds, key=hash64)[:SEEDS_MAX]:
        if seed not in taken:
            core = _grow(seed, acted, window_ms, targets)
            if len(core) >= ACCOUNTS_MIN:
                found.append(core)
                taken |= core
    return Groups(in_order(set(found)), None)


def _first_acts(events: Sequence[AnyEvent]) -> Acted:
    acted = Acted({}, {})
    for act in acts_of(events):
        if act.kind != TEXT:
            target = (act.kind, act.target)
            acted.by_account.setdefault(act.account, {}).setdefault(target, act.time_ms)
            acted.by_target.setdefault(target, {}).setdefault(act.account, act.time_ms)
    return acted


def _grow(seed: str, acted: Acted, window_ms: int, targets: int) -> frozenset[str]:
    own = acted.by_account[seed]
    # the seed's quietest targets: on loud ones everybody is near everybody
    start = sorted(own, key=lambda target: (len(acted.by_target[target]), target))
    start = [target for target in start if len(acted.by_target[target]) >= ACCOUNTS_MIN][:targets]
    moments = {target: own[target] for target in start}
    members = _members(moments, acted, window_ms, targets)
    for _ in range(ROUNDS_MAX):
        if len(members) < 2:
            return frozenset()
        moments = _moments(members, acted, window_ms, targets)
        grown = _members(moments, acted, window_ms, targets)
        if len(grown) <= len(members):
            break
        members = grown
    return members


def _members(moments: dict[Target, int], acted: Acted, window_ms: int, targets: int) -> frozenset[str]:
    if len(moments) < targets:
        return frozenset()
    near: Counter[str] = Counter()
    for target, moment in moments.items():
        near.update(a for a, at in acted.by_target[target].items() if abs(at - moment) <= window_ms)
    return frozenset(account for account, number in near.items() if number >= SHARE_MIN * targets)


def _moments(members: frozenset[str], acted: Acted, window_ms: int, targets: int) -> dict[Target, int]:
    """The targets that most members hit together, each with the middle of its fullest window."""
    times: dict[Target, list[int]] = {}
    for member in members:
        for target, at in acted.by_account[member].items():
            times.setdefault(target, []).append(at)
    fullest = {target: _fullest(sorted(at), window_ms) for target, at in times.items() if len(at) >= 2}
    best = sorted(fullest, key=lambda target: (-fullest[target][0], target))[:targets]
    return {target: fullest[target][1] for target in best}


def _fullest(times: list[int], window_ms: int) -> tuple[int, int]:
    """Most acts in any window of twice `window_ms`, and the middle of them."""
    best, middle, start = 0, times[0], 0
    for end, at in enumerate(times):
        while at - times[start] > 2 * window_ms:
            start += 1
        if end - start + 1 > best:
            best, middle = end - start + 1, (at + times[start]) // 2
    return best, middle
