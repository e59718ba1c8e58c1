"""The smallest set of events that proves a case: what a moderator opens first."""

from collections import Counter

from detector.evidence.figures import Figures, TargetFigures
from models.actions import Layer
from models.alerts import Proof

ACCOUNTS_MAX = 5
TARGETS_MAX = 3


def prove(figures: Figures) -> list[Proof]:
    """Greedy cover: the accounts present on most targets, on the targets that most of them share.

    At most `ACCOUNTS_MAX` × `TARGETS_MAX` events; five accounts on three targets is what the test
    of a pair and the rule of three targets need at the least.
    """
    targets = sorted(figures.targets, key=lambda t: (-len(t.members), t.first_ms, t.target))
    presence = Counter(account for target in targets for account in target.members)
    accounts = sorted(presence, key=lambda a: (-presence[a], a))[:ACCOUNTS_MAX]
    shared = sorted(targets, key=lambda t: (-sum(a in t.members for a in accounts), t.first_ms, t.target))
    return [_event(target, a) for target in shared[:TARGETS_MAX] for a in accounts if a in target.members]


def _event(target: TargetFigures, account: str) -> Proof:
    member = target.members[account]
    return Proof(member.act, account, Layer(target.layer).name.lower(), target.target, member.time_ms)
