"""The book of operators: who was called before, and what people decided about it.

Members of an army rotate and its campaigns end; what stays is that some of the accounts, or the
contact that the texts lead to, come back. Cases that share enough of them belong to one operator.
Nothing is ever taken out of a case by a decision: lookups leave out what was dismissed, so that an
undone decision restores everything.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log10
from typing import Any

import msgspec
from msgspec import Struct

from detector.campaigns.membership import Membership
from detector.cohorts.significance import poisson_tail_log10
from detector.ordering import FOREVER
from detector.settings import OperatorSettings
from models.events import Decision, Verdict
from models.ids import AccountId, CampaignId

POPULATION_MIN = 10_000
"""Accounts assumed on the platform at least, so that a small extract does not explain itself away."""


class Known(Struct, frozen=True):
    """An operator, and those of the looked-up accounts that earlier cases of it hold."""

    operator: str
    accounts: tuple[AccountId, ...]
    cases: tuple[CampaignId, ...]
    """Earlier cases that hold them, oldest first."""
    held: int
    """All accounts that the operator is known by."""
    watched: bool
    """A person put it on the watch list, or confirmed a case of it."""


class _Case(Struct):
    operator: str
    contacts: tuple[str, ...]
    first_ms: int
    last_ms: int


class OperatorBook:
    """Cases that were called, tied to operators. Bounded by cases and by time; the oldest go first."""

    def __init__(self, settings: OperatorSettings) -> None:
        self._settings = settings
        self._cases: dict[CampaignId, _Case] = {}
        self._cases_of: dict[str, dict[CampaignId, None]] = {}
        self._held: dict[str, int] = {}
        """Accounts that each operator is known by, as last counted."""
        self._accounts = Membership()
        self._decisions: dict[CampaignId, dict[str, Verdict]] = {}
        self._dismissed: set[CampaignId] = set()
        """Cases whose newest standing decision is a dismissal: asked for every cohort, so it is kept."""
        self.forgotten = 0

    def __len__(self) -> int:
        return len(self._cases_of)

    # --- lookups

    def known(
        self, accounts: Iterable[AccountId], own: Iterable[CampaignId] = (), before_ms: int = FOREVER
    ) -> list[Known]:
        """Operators that hold any of the accounts, most accounts first.

        Only through cases other than `own` whose last action was before `before_ms`: one act may be
        seen on several targets, and must not speak for itself.
        """
        if not self._cases:
            return []
        left_out = frozenset(own)
        held: dict[str, dict[AccountId, None]] = defaultdict(dict)
        through: dict[str, dict[CampaignId, None]] = defaultdict(dict)
        for account in self._accounts.held(accounts):
            for name in self._accounts.names(account):
                case = self._cases[name]
                if name in left_out or name in self._dismissed:
                    continue
                if case.last_ms < before_ms and account not in self._spared(name):
                    held[case.operator][account] = None
                    through[case.operator][name] = None
        found = [self._known(operator, held[operator], through[operator]) for operator in held]
        return sorted(found, key=lambda known: (-len(known.accounts), known.operator))

    def _known(self, operator: str, accounts: Iterable[AccountId], cases: Iterable[CampaignId]) -> Known:
        ordered = sorted(cases, key=lambda name: (self._cases[name].first_ms, name))
        watched = self._is_watched(self._cases_of[operator])
        return Known(operator, tuple(sorted(accounts)), tuple(ordered), self._size(operator), watched)

    def _size(self, operator: str) -> int:
        size = self._held.get(operator)
        if size is None:
            everybody = frozenset[str]().union(*(self._accounts.members(name) for name in self._cases_of[operator]))
            size = self._held[operator] = len(everybody)
        return size

    def chance_log10(self, known: Known, looked_at: int, active_accounts: int) -> float:
        """log₁₀ of the chance that so many of `looked_at` independent accounts are the operator's.

        Poisson tail of the expectation `looked_at` × held / population, times φ, since active accounts
        are everywhere; times the operators known (Bonferroni). In [−300, 0].
        """
        population = max(POPULATION_MIN, active_accounts)
        expected = looked_at * known.held / population * self._settings.phi
        return min(0.0, poisson_tail_log10(len(known.accounts), expected) + log10(max(1, len(self))))

    def meets(
        self,
        accounts: Sequence[AccountId],
        active_accounts: int,
        own: Iterable[CampaignId] = (),
        before_ms: int = FOREVER,
    ) -> Known | None:
        """The operator most of whose accounts are among these, beyond chance; None if there is none."""
        return next(iter(self._beyond_chance(accounts, active_accounts, own, before_ms)), None)

    def _beyond_chance(
        self,
        accounts: Sequence[AccountId],
        active_accounts: int,
        own: Iterable[CampaignId],
        before_ms: int = FOREVER,
    ) -> list[Known]:
        limits = self._settings
        if not limits.enabled:
            return []
        return [
            known
            for known in self.known(accounts, own, before_ms)
            if len(known.accounts) >= limits.accounts_min
            and self.chance_log10(known, len(accounts), active_accounts) <= limits.p_log10_max
        ]

    # --- learning

    def learn(
        self,
        campaign: CampaignId,
        accounts: Sequence[AccountId],
        contacts: Sequence[str],
        first_ms: int,
        last_ms: int,
        active_accounts: int,
    ) -> str:
        """Remember a case that was called; return its operator, the oldest of all that it ties together."""
        ties = {known.operator for known in self._beyond_chance(accounts, active_accounts, (campaign,))}
        ties |= self._of_contacts(campaign, frozenset(contacts))
        if campaign in self._cases:
            ties.add(self._cases[campaign].operator)
        operator = min(ties, key=self._age_of, default=campaign)
        for other in ties - {operator}:
            for name in self._cases_of.pop(other):
                self._cases[name].operator = operator
                self._cases_of[operator][name] = None
            self._held.pop(other, None)
        self._drop(campaign)
        self._cases[campaign] = _Case(operator, tuple(contacts[: self._settings.contacts_max]), first_ms, last_ms)
        self._cases_of.setdefault(operator, {})[campaign] = None
        self._held.pop(operator, None)
        self._accounts.put(campaign, accounts)
        self._forget(last_ms)
        return operator

    def _of_contacts(self, campaign: CampaignId, contacts: frozenset[str]) -> set[str]:
        return {
            case.operator
            for name, case in self._cases.items()
            if name != campaign and name not in self._dismissed and not contacts.isdisjoint(case.contacts)
        }

    def _age_of(self, operator: str) -> tuple[int, str]:
        return min((self._cases[name].first_ms, name) for name in self._cases_of[operator])

    def absorb(self, gone: Iterable[CampaignId]) -> None:
        """Cases that have become part of another: their accounts are told by that one now."""
        for name in gone:
            self._drop(name)

    def _forget(self, now_ms: int) -> None:
        limits = self._settings
        while self._cases:
            oldest = next(iter(self._cases))
            if len(self._cases) <= limits.cases_max and self._cases[oldest].last_ms + limits.memory_ms >= now_ms:
                break
            self._drop(oldest)
            self.forgotten += 1

    def _drop(self, name: CampaignId) -> None:
        case = self._cases.pop(name, None)
        if case is None:
            return
        self._accounts.drop(name)
        self._held.pop(case.operator, None)
        del self._cases_of[case.operator][name]
        if not self._cases_of[case.operator]:
            del self._cases_of[case.operator]

    # --- decisions

    def decide(self, verdict: Verdict) -> None:
        """Take a person's decision; the same one twice counts once."""
        standing = self._decisions.setdefault(verdict.campaign, {})
        if verdict.decision is Decision.UNDO:
            standing.pop(verdict.undoes or "", None)
        else:
            standing[verdict.verdict_id] = verdict
        self._note_dismissal(verdict.campaign)
        while len(self._decisions) > self._settings.decisions_max:
            oldest = next(iter(self._decisions))
            del self._decisions[oldest]
            self._note_dismissal(oldest)

    def _note_dismissal(self, campaign: CampaignId) -> None:
        standing = self.standing(campaign)
        if standing is not None and standing.decision is Decision.DISMISS:
            self._dismissed.add(campaign)
        else:
            self._dismissed.discard(campaign)

    def standing(self, campaign: CampaignId) -> Verdict | None:
        """The newest decision that was not undone."""
        return next(reversed(self._decisions.get(campaign, {}).values()), None)

    def _spared(self, campaign: CampaignId) -> tuple[AccountId, ...]:
        verdict = self.standing(campaign)
        return verdict.accounts_left_out if verdict is not None else ()

    def _is_watched(self, cases: Iterable[CampaignId]) -> bool:
        standing = (self.standing(name) for name in cases)
        return any(v is not None and v.decision in (Decision.WATCH, Decision.CONFIRM) for v in standing)

    # --- snapshots

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values."""
        return {
            "cases": msgspec.to_builtins(list(self._cases.items())),
            "accounts": self._accounts.snapshot(),
            "decisions": msgspec.to_builtins([list(d.values()) for d in self._decisions.values() if d]),
            "forgotten": self.forgotten,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        self._cases = dict(msgspec.convert(state["cases"], list[tuple[str, _Case]]))
        self._cases_of = {}
        for name, case in self._cases.items():
            self._cases_of.setdefault(case.operator, {})[name] = None
        self._held = {}
        self._accounts.restore(state["accounts"])
        verdicts = msgspec.convert(state["decisions"], list[list[Verdict]])
        self._decisions = {each[0].campaign: {v.verdict_id: v for v in each} for each in verdicts}
        self._dismissed.clear()
        for campaign in self._decisions:
            self._note_dismissal(campaign)
        self.forgotten = state["forgotten"]
