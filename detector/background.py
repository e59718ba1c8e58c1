"""What is usual on the platform: facts of accounts and the shares that evidence is held against."""

from collections import Counter
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import Struct

from detector.accounts import Dormancy, Registrations
from detector.recent import RecentKeys, RecentMap
from models.actions import Deletion
from models.cohorts import ContactUse, Origin
from models.events import Account
from models.ids import hash64, hash64_of

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

    def __init__(
        self, accounts_max: int = 500_000, registration_window_ms: int = 21_600_000, dormant_days: int = 14
    ) -> None:
        self.facts: RecentMap[Account] = RecentMap(accounts_max)
        self.deleted_ms: RecentMap[int] = RecentMap(accounts_max)
        self._origins = RecentKeys(accounts_max)
        self.days = Shares()
        self.clients = Shares()
        self.networks = Shares()
        self.contacts = Shares()
        """Accounts that lead to each contact."""
        self._contact_users = RecentKeys(accounts_max)
        self.led_to: RecentMap[list[tuple[str, bool]]] = RecentMap(accounts_max)
        """(contact, whether it is disguised) of each post that carries one."""
        self.registrations = Registrations(registration_window_ms)
        self.dormancy = Dormancy(dormant_days, accounts_max)
        self.deletions = 0

    def know(self, account: Account) -> None:
        """Take the platform's word on an account."""
        before = self.facts.get(account.account_id)
        for fact, step in ((before, -1), (account, 1)):
            if fact is not None:
                self.days.add(str(fact.registered_at_ms // DAY_MS), step)
                self.clients.add(fact.client, step)
                self.networks.add(fact.network_id, step)
        if before is None and account.name:
            self.registrations.add(account.registered_at_ms, account.name)
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
        self.deletions += 1

    def leads_to(self, use: ContactUse) -> None:
        """A post leads to a contact."""
        if self._contact_users.add(hash64_of(use.account, use.contact)):
            self.contacts.add(use.contact)
        self.led_to.put(use.act, [*(self.led_to.get(use.act) or ()), (use.contact, use.disguised)])

    def deleted_share(self, deleted: int, acts: int) -> float:
        """Posts taken back for each action of any kind, outside a group with so many of both."""
        return max(0, self.deletions - deleted) / max(1, self.dormancy.events - acts)

    @property
    def _shares(self) -> tuple[Shares, ...]:
        return self.days, self.clients, self.networks, self.contacts

    def snapshot(self) -> bytes:
        """The state, encoded."""
        state = _State(
            self.facts.generations(),
            self.deleted_ms.generations(),
            self.led_to.generations(),
            [(each.total, dict(each.counts)) for each in self._shares],
            self._origins.snapshot().tobytes(),
            self._contact_users.snapshot().tobytes(),
            self.registrations.snapshot(),
            self.dormancy.snapshot(),
            self.deletions,
        )
        return msgspec.msgpack.encode(state)

    def restore(self, raw: bytes) -> None:
        """Take the state of `snapshot`."""
        state = msgspec.msgpack.decode(raw, type=_State)
        self.facts.restore(*state.facts)
        self.deleted_ms.restore(*state.deleted)
        self.led_to.restore(*state.led_to)
        self._origins.restore(np.frombuffer(state.origins, np.uint64))
        self._contact_users.restore(np.frombuffer(state.contact_users, np.uint64))
        for each, (total, counts) in zip(self._shares, state.shares, strict=True):
            each.total, each.counts = total, Counter(counts)
        self.registrations.restore(state.registrations)
        self.dormancy.restore(state.dormancy)
        self.deletions = state.deletions


class _State(Struct, array_like=True):
    """All of a background, for a snapshot; maps in two generations, young and old."""

    facts: tuple[dict[str, Account], dict[str, Account]]
    deleted: tuple[dict[str, int], dict[str, int]]
    led_to: tuple[dict[str, list[tuple[str, bool]]], dict[str, list[tuple[str, bool]]]]
    shares: list[tuple[int, dict[str, int]]]
    origins: bytes
    contact_users: bytes
    registrations: dict[str, Any]
    dormancy: dict[str, Any]
    deletions: int
