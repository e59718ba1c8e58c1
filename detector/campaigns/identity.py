"""A campaign keeps its name while its members change."""

from collections.abc import Container, Mapping, Sequence

from msgspec import Struct

from detector.campaigns.membership import Membership


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
        self._known = Membership()

    def match(
        self, groups: Sequence[Sequence[str]], names: Sequence[str], held: Container[str] = frozenset()
    ) -> list[Match]:
        """Name each group; `names[i]` is used if group i is new (a taken name gets a suffix).

        Campaigns in `held` are those of groups that have not changed and are not among `groups`.
        """
        found = (candidate for candidate in self._candidates(groups) if candidate[1] not in held)
        candidates = sorted(found, key=lambda c: (-c[0], c[1], c[2]))
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
            self._known.put(campaign, group)
            for gone in merged.get(number, ()):
                self.forget(gone)
            matches.append(Match(campaign, known is None, tuple(merged.get(number, ())), split.get(number)))
        return matches

    def _candidates(self, groups: Sequence[Sequence[str]]) -> list[tuple[int, str, int]]:
        return [
            (overlap, campaign, number)
            for number, group in enumerate(groups)
            for campaign, overlap in self._known.shared(group).items()
            if overlap >= self._containment_min * min(len(group), len(self._known.members(campaign)))
        ]

    def _free(self, name: str) -> str:
        candidate, count = name, 2
        while candidate in self._known:
            candidate, count = f"{name}-{count}", count + 1
        return candidate

    def forget(self, campaign: str) -> None:
        """The campaign is over or merged away."""
        self._known.drop(campaign)

    def holds(self, accounts: Sequence[str]) -> bool:
        """Whether more than half of the accounts are in one known campaign."""
        return 2 * max(self._known.shared(accounts).values(), default=0) > len(accounts)

    def __len__(self) -> int:
        return len(self._known)

    def snapshot(self) -> dict[str, list[str]]:
        """The state as plain values."""
        return self._known.snapshot()

    def restore(self, state: Mapping[str, Sequence[str]]) -> None:
        """Take the state of `snapshot`."""
        self._known.restore(state)
