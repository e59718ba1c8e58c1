"""What is usual on the platform: facts of accounts and the shares that evidence is held against."""

from collections import Counter
from typing import Final

import msgspec
import numpy as np

from detector.recent import RecentKeys, RecentMap
from models.actions import Deletion
from models.cohorts import Origin
from models.events import Account
from models.ids import hash64

DAY_MS: Final = 86_400_000
VALUES_MAX: Final = 200_000
"""Distinct clients, networks or days that are counted; further ones share the floor."""
AGE_DAYS: Final = 3_650
"""Floor of a registration day's share: accounts spread evenly over ten years."""


class Shares:
    """How often each value of an attribute occurs, over all accounts that told it."""

    def __init__(self) -> None:
        self.total = 0
        self.counts: Counter[str] = Counter()

    def add(self, value: str | None, step: int = 1) -> None:
        """Count one account's value."""
        if value is not None and (value in self.counts or len(self.counts) < VALUES_MAX):
            self.counts[value] += step
            self.total += step

    def share(self, value: str, excluding: int, floor: float) -> float:
        """Share of `value` among the accounts outside a group that holds it `excluding` times."""
        outside = max(self.total - excluding, 0)
        return max((self.counts[value] - excluding) / outside if outside else 0.0, floor)


class Background:
    """Facts by account (the newest wins), base shares, deletions. Bounded; oldest are forgotten."""

    def __init__(self, accounts_max: int = 500_000) -> None:
        self.facts: RecentMap[Account] = RecentMap(accounts_max)
        self.deleted_ms: RecentMap[int] = RecentMap(accounts_max)
        self._origins = RecentKeys(accounts_max)
        self.days = Shares()
        self.clients = Shares()
        self.networks = Shares()

    def know(self, account: Account) -> None:
        """Take the platform's word on an account."""
        before = self.facts.get(account.account_id)
        for fact, step in ((before, -1), (account, 1)):
            if fact is not None:
                self.days.add(str(fact.registered_at_ms // DAY_MS), step)
                self.clients.add(fact.client, step)
                self.networks.add(fact.network_id, step)
        self.facts.put(account.account_id, account)

    def acts_from(self, origin: Origin) -> None:
        """An account is seen to act; its client and network count once, unless its facts told them."""
        fact = self.facts.get(origin.account)
        if not self._origins.add(hash64(origin.account)):
            return
        if fact is None or fact.client is None:
            self.clients.add(origin.client)
        if fact is None or fact.network_id is None:
            self.networks.add(origin.network)

    def deleted(self, deletion: Deletion) -> None:
        """A post was taken back."""
        self.deleted_ms.put(deletion.act, deletion.time_ms)

    def snapshot(self) -> bytes:
        """The state, encoded."""
        shares = [(s.total, dict(s.counts)) for s in (self.days, self.clients, self.networks)]
        origins = self._origins.snapshot().tobytes()
        return msgspec.msgpack.encode((self.facts.generations(), self.deleted_ms.generations(), shares, origins))

    def restore(self, raw: bytes) -> None:
        """Take the state of `snapshot`."""
        form = tuple[
            tuple[dict[str, Account], dict[str, Account]],
            tuple[dict[str, int], dict[str, int]],
            list[tuple[int, dict[str, int]]],
            bytes,
        ]
        facts, deleted, shares, origins = msgspec.msgpack.decode(raw, type=form)
        self.facts.restore(*facts)
        self.deleted_ms.restore(*deleted)
        self._origins.restore(np.frombuffer(origins, np.uint64))
        for target, (total, counts) in zip((self.days, self.clients, self.networks), shares, strict=True):
            target.total, target.counts = total, Counter(counts)
