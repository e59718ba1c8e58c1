"""What people dismissed, and what they allow: neither is raised again for its reason (docs/decisions/0008).

A dismissal remembers what the case was when a person looked at it: its accounts, its text families and
the items of evidence that spoke. A later case of the same accounts, or of the same texts, finds an innocent
explanation `dismissed` that accounts for those items. It is listed, never alerted, until items that the
dismissed case had not come to the points of an alert by themselves, or most of its accounts are others.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from detector.campaigns.membership import Membership
from detector.evidence.catalogue import CATALOGUE
from detector.evidence.figures import Figures
from detector.evidence.words import count, moment
from detector.settings import DismissalSettings
from models.actions import Layer
from models.alerts import Alert, Explanation, Outcome
from models.events import Decision, Verdict
from models.ids import AccountId, CampaignId

DISMISSED: Final = "dismissed"
ALLOWED: Final = "allowed"
REASONS: Final = {
    "fans": "fans of the same thing",
    "petition": "a petition or another call that people join openly",
    "newsroom": "a newsroom or another house that speaks with one voice",
}
"""Reasons that a verdict names by one word; any other text is told as "for another reason"."""


class _Told(Struct, frozen=True):
    """What a case was when it was last told."""

    accounts: tuple[AccountId, ...]
    families: tuple[str, ...]
    items: tuple[str, ...]
    """Items of evidence that spoke against it, whether they counted or not."""
    last_ms: int


class _Dismissal(Struct, frozen=True):
    campaign: CampaignId
    told: _Told
    by: str
    at_ms: int
    reason: str


class Dismissals:
    """Standing dismissals and allowances. Bounded by number and by time; the oldest go first."""

    def __init__(self, settings: DismissalSettings) -> None:
        self._settings = settings
        self._told: dict[CampaignId, _Told] = {}
        """Cases that were called, newest last: a person may decide after they are over."""
        self._made: dict[str, _Dismissal] = {}
        """By id of the verdict, also those that another decision covers for now."""
        self._standing: dict[CampaignId, str] = {}
        self._accounts = Membership()
        """Accounts of the standing ones, by campaign."""
        self._families: dict[str, dict[CampaignId, None]] = {}
        self._allowed: dict[str, Verdict] = {}
        """Entries of the allow list, by the name that they have instead of a campaign."""
        self._until_ms: dict[str, tuple[int, str]] = {}
        """By allowed account, target or family: when the last entry of it ends, and its name."""
        self.forgotten = 0

    def __len__(self) -> int:
        return len(self._standing) + len(self._allowed)

    # --- learning

    def remember(self, alert: Alert) -> None:
        """Keep what was called, so that it can be dismissed when it is over."""
        if alert.outcome is not Outcome.INAUTHENTIC or not self._settings.enabled:
            return
        self._told.pop(alert.campaign, None)
        self._told[alert.campaign] = _told_of(alert)
        while len(self._told) > self._settings.cases_max:
            del self._told[next(iter(self._told))]
            self.forgotten += 1

    def decide(self, verdict: Verdict, standing: Verdict | None, live: Alert | None) -> None:
        """Take a decision; `standing` is what stands of the case after it, `live` the case as last told."""
        self._drop(verdict.campaign)
        self._allowed.pop(verdict.campaign, None)
        if standing is not None and standing.decision is Decision.DISMISS:
            made = self._made.get(standing.verdict_id) or self._make(standing, live)
            if made is not None:
                self._made[standing.verdict_id] = made
                self._stand(standing.verdict_id, made)
        elif standing is not None and standing.decision is Decision.ALLOW:
            self._allowed[standing.campaign] = standing
        if verdict.decision is Decision.UNDO:
            self._made.pop(verdict.undoes or "", None)
        self._bound()
        self._index_allowed()

    def _make(self, verdict: Verdict, live: Alert | None) -> _Dismissal | None:
        told = _told_of(live) if live is not None else self._told.get(verdict.campaign)
        if told is None:
            return None
        spared = frozenset(verdict.accounts_left_out)
        kept = tuple(account for account in told.accounts if account not in spared)
        told = msgspec.structs.replace(told, accounts=kept)
        reason = verdict.reason if verdict.reason in REASONS else "other"
        return _Dismissal(verdict.campaign, told, verdict.decided_by, verdict.decided_at_ms, reason)

    def _stand(self, verdict_id: str, made: _Dismissal) -> None:
        self._standing[made.campaign] = verdict_id
        self._accounts.put(made.campaign, made.told.accounts)
        for family in made.told.families:
            self._families.setdefault(family, {})[made.campaign] = None

    def _drop(self, campaign: CampaignId) -> None:
        verdict_id = self._standing.pop(campaign, None)
        if verdict_id is None:
            return
        self._accounts.drop(campaign)
        for family in self._made[verdict_id].told.families:
            self._families[family].pop(campaign, None)
            if not self._families[family]:
                del self._families[family]

    def _bound(self) -> None:
        while len(self._made) > self._settings.dismissals_max:
            oldest = next(iter(self._made))
            if self._standing.get(self._made[oldest].campaign) == oldest:
                self._drop(self._made[oldest].campaign)
            del self._made[oldest]
            self.forgotten += 1
        while len(self._allowed) > self._settings.dismissals_max:
            del self._allowed[next(iter(self._allowed))]
            self.forgotten += 1

    def _index_allowed(self) -> None:
        until_ms: dict[str, tuple[int, str]] = {}
        for name, entry in self._allowed.items():
            for value in (*entry.accounts_left_out, *entry.targets):
                until_ms[value] = max(until_ms.get(value, (0, "")), (entry.expires_at_ms or 0, name))
        self._until_ms = until_ms

    # --- asking

    def consider(self, campaign: CampaignId, figures: Figures, at_ms: int) -> Explanation | None:
        """What people decided about such a group, as an innocent explanation; None if nothing touches it."""
        if not self._settings.enabled or not len(self):
            return None
        return self._consider_allowed(figures, at_ms) or self._consider_dismissed(campaign, figures, at_ms)

    def _consider_dismissed(self, campaign: CampaignId, figures: Figures, at_ms: int) -> Explanation | None:
        shared = self._accounts.shared(figures.accounts)
        families = [target.target for target in figures.targets if target.layer == Layer.FAMILY]
        worded = {name: 0 for family in families for name in self._families.get(family, ())}
        for family in families:
            for name in self._families.get(family, ()):
                worded[name] += 1
        found = []
        for name in {campaign: None, **shared, **worded}:
            if name not in self._standing:
                continue
            made = self._made[self._standing[name]]
            if made.at_ms + self._settings.memory_ms < at_ms:
                continue
            accounts = shared[name] / len(figures.accounts)
            texts = worded.get(name, 0) / len(figures.targets)
            stands = accounts >= self._settings.accounts_share_min or texts >= self._settings.texts_share_min
            if stands or name == campaign:
                found.append((stands, accounts, texts, made.at_ms, name, made))
        if not found:
            return None
        stands, accounts, _, _, _, made = max(found, key=lambda each: each[:5])
        by_accounts = accounts >= self._settings.accounts_share_min or not stands
        return _explanation(made, shared[made.campaign], len(figures.accounts), stands, by_accounts)

    def _consider_allowed(self, figures: Figures, at_ms: int) -> Explanation | None:
        accounts = [self._entry(account, at_ms) for account in figures.accounts]
        targets = [self._entry(t.target, at_ms) or self._entry(t.author or "", at_ms) for t in figures.targets]
        limits = self._settings
        for what, held, share_min in (
            ("accounts", accounts, limits.accounts_share_min),
            ("targets", targets, limits.targets_share_min),
        ):
            names = sorted({name for name in held if name is not None})
            standing = sum(name is not None for name in held)
            if not names or standing < share_min * len(held):
                continue
            entry = self._allowed[names[0]]
            others = f" and {len(names) - 1} more of the list" if len(names) > 1 else ""
            return Explanation(
                ALLOWED,
                True,
                f"{standing} of its {len(held)} {what} are on the allow list: {entry.decided_by} put them there on "
                f"{moment(entry.decided_at_ms)} ({entry.reason or 'no reason given'}){others}.",
                tuple(sorted(CATALOGUE)),
            )
        return None

    def _entry(self, value: str, at_ms: int) -> str | None:
        until_ms, name = self._until_ms.get(value, (0, ""))
        return name if at_ms < until_ms else None

    # --- snapshots

    def snapshot(self) -> dict[str, Any]:
        """The state as plain values."""
        kept = (list(self._told.items()), list(self._made.items()), list(self._standing.items()))
        told, made, standing = msgspec.to_builtins(kept)
        allowed = msgspec.to_builtins(list(self._allowed.values()))
        return {"told": told, "made": made, "standing": standing, "allowed": allowed, "forgotten": self.forgotten}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of `snapshot`."""
        for campaign in list(self._standing):
            self._drop(campaign)
        self._told = dict(msgspec.convert(state["told"], list[tuple[str, _Told]]))
        self._made = dict(msgspec.convert(state["made"], list[tuple[str, _Dismissal]]))
        for _, verdict_id in state["standing"]:
            self._stand(verdict_id, self._made[verdict_id])
        self._allowed = {each.campaign: each for each in msgspec.convert(state["allowed"], list[Verdict])}
        self._index_allowed()
        self.forgotten = state["forgotten"]


def decided_by_people(explanations: Sequence[Explanation]) -> Explanation | None:
    """The standing decision of a person among the explanations of a case; None if there is none."""
    return next((each for each in explanations if each.name in (DISMISSED, ALLOWED) and each.stands), None)


def _told_of(alert: Alert) -> _Told:
    listed = [target.target for target in alert.targets if target.layer == Layer.FAMILY.name.lower()]
    families = dict.fromkeys([*listed, *(family.family for family in alert.families)])
    items = tuple(sorted(item.name for item in alert.inauthenticity if item.points > 0))
    return _Told(tuple(alert.accounts), tuple(families), items, alert.last_action_ms)


def _explanation(made: _Dismissal, held: int, accounts: int, stands: bool, by_accounts: bool) -> Explanation:
    why = f"as {REASONS[made.reason]}" if made.reason in REASONS else "for another reason"
    same = f"{held} of these {count(accounts, 'account')} were in it" if by_accounts else "these are the same texts"
    then = (
        "what spoke against it then does not count again."
        if stands
        else "too few of them for that decision to hold here."
    )
    return Explanation(
        DISMISSED,
        stands,
        f"{made.by} dismissed case {made.campaign} on {moment(made.at_ms)} {why}; {same}; {then}",
        made.told.items,
    )
