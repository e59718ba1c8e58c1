"""A campaign keeps its name while its members change (DESIGN section 5, "Identity")."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct


class Match(Struct, frozen=True):
    """What one group of this rebuild was in the last one."""

    campaign: str
    is_new: bool
    merged_from: tuple[str, ...] = ()
    split_from: str | None = None


class Identities:
    """Greedy matching of groups to known campaigns by |A ∩ B| / min(|A|, |B|).

    The largest overlaps are matched first; each group takes one campaign and each campaign goes to
    one group. A campaign whose members went into another group is recorded there as merged, a group
    whose campaign was taken by a larger part as split. Names of new campaigns come from the caller
    and must derive from content.
    """

    def __init__(self, containment_min: float) -> None:
        self._containment_min = containment_min
        self._members: dict[str, frozenset[str]] = {}
        self._campaigns_of: dict[str, set[str]] = {}

    def match(self, groups: Sequence[Sequence[str]], names: Sequence[str]) -> list[Match]:
        """Name each group; `names[i]` is used if group i is new (a taken name gets a suffix)."""
        candidates = sorted(self._candidates(groups), key=lambda c: (-c[0], c[1], c[2]))
        campaign_of: dict[int, str] = {}
        taken: set[str] = set()
        merged: dict[int, list[str]] = {}
        split: dict[int, str] = {}
        for _, campaign, number in candidates:
            if campaign in taken:
                if number not in campaign_of:
                    split.setdefault(number, campaign)
            elif number in campaign_of:
                merged.setdefault(number, []).append(campaign)
                taken.add(campaign)
            else:
                campaign_of[number] = campaign
                taken.add(campaign)
        matches = []
        for number, group in enumerate(groups):
            known = campaign_of.get(number)
            campaign = known or self._free(names[number])
            self._remember(campaign, frozenset(group))
            for gone in merged.get(number, ()):
                self.forget(gone)
            matches.append(Match(campaign, known is None, tuple(merged.get(number, ())), split.get(number)))
        return matches

    def _candidates(self, groups: Sequence[Sequence[str]]) -> list[tuple[int, str, int]]:
        found = []
        for number, group in enumerate(groups):
            shared: Counter[str] = Counter()
            for account in group:
                shared.update(self._campaigns_of.get(account, ()))
            for campaign, overlap in shared.items():
                if overlap >= self._containment_min * min(len(group), len(self._members[campaign])):
                    found.append((overlap, campaign, number))
        return found

    def _free(self, name: str) -> str:
        candidate, count = name, 2
        while candidate in self._members:
            candidate, count = f"{name}-{count}", count + 1
        return candidate

    def _remember(self, campaign: str, members: frozenset[str]) -> None:
        for account in self._members.get(campaign, frozenset()) - members:
            self._leave(account, campaign)
        self._members[campaign] = members
        for account in members:
            self._campaigns_of.setdefault(account, set()).add(campaign)

    def _leave(self, account: str, campaign: str) -> None:
        campaigns = self._campaigns_of.get(account)
        if campaigns is not None:
            campaigns.discard(campaign)
            if not campaigns:
                del self._campaigns_of[account]

    def forget(self, campaign: str) -> None:
        """The campaign is over or merged away."""
        for account in self._members.pop(campaign, frozenset()):
            self._leave(account, campaign)

    def holds(self, accounts: Sequence[str]) -> bool:
        """Whether more than half of the accounts are in one known campaign."""
        shared: Counter[str] = Counter()
        for account in accounts:
            shared.update(self._campaigns_of.get(account, ()))
        return bool(shared) and 2 * max(shared.values()) > len(accounts)

    def __len__(self) -> int:
        return len(self._members)

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values."""
        return {campaign: sorted(members) for campaign, members in self._members.items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self._members.clear()
        self._campaigns_of.clear()
        for campaign, members in state.items():
            self._remember(campaign, frozenset(members))
