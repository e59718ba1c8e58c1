"""Inauthenticity shown by the manner of posting, held against what is usual: contacts, deletion, rhythm."""

from collections import defaultdict
from collections.abc import Mapping
from math import log10
from typing import NamedTuple

from detector.background import Background
from detector.cohorts.significance import binomial_tail_log10
from detector.evidence.figures import Figures
from detector.evidence.items import Item, item
from detector.evidence.rhythm import minute_alignment_log10, own_spacing_log10, shared_spacing_log10
from detector.evidence.words import chance, count, duration, percent
from detector.settings import EvidenceSettings
from models.actions import Layer

CONTACT_SHARE_FLOOR = 1e-3
"""A contact is assumed to be passed on by so many accounts at least."""
TESTS_LOG10 = 0.477
"""Three clocks are looked at: log₁₀ of 3 is added to each chance (Bonferroni)."""


def shared_contact(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """One contact (handle, number, group link) in most of the group's posts.

    share = posts with the commonest contact / all the group's acts. p is the binomial tail of the group's
    accounts that lead to it, against its share among all other active accounts (at least 0.1 %), times the
    contacts seen. One point: a lost child's telephone number is copied by honest people too.
    """
    uses = _uses(figures, background)
    if not uses:
        return None
    contact, posts = _commonest(uses)
    most, using = len(posts), len({use.account for use in posts})
    accounts = len(figures.accounts)
    elsewhere = max(0, background.contacts.counts[contact] - using)
    usual = min(1.0, max(elsewhere / max(1, figures.active_accounts - accounts), CONTACT_SHARE_FLOOR))
    p_log10 = min(0.0, binomial_tail_log10(using, accounts, usual) + log10(len(uses)))
    share = most / max(1, figures.acts)
    speaks = using >= 5 and share >= limits.contact_share_min and p_log10 <= limits.attribute_p_log10_max
    return item(
        float(speaks),
        "shared_contact",
        f"{percent(share)} of their posts lead to one contact, {contact.removeprefix('contact:')} "
        f"({using} of the accounts; {elsewhere:,} others do)" + (f"; by chance {chance(p_log10)}." if speaks else "."),
        share=share,
        usual_share=usual,
        p_log10=p_log10,
    )


def disguised_contact(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """The contact that the group shares is written so that no filter reads it: ＡＢ, 一二三, 1️⃣, a b c, hxxp.

    share = its posts in which a plain search does not find the contact (`diversion.is_disguised`). Who
    passes on a number wants it read. Two points; one where the group copies a text, since its first
    author chose the spelling.
    """
    uses = _uses(figures, background)
    if not uses:
        return None
    contact, posts = _commonest(uses)
    disguised = sum(use.disguised for use in posts)
    share = disguised / len(posts)
    speaks = disguised >= 5 and share >= limits.disguised_share_min
    copied = any(target.layer == Layer.FAMILY for target in figures.targets)
    return item(
        (1.0 if copied else 2.0) * float(speaks),
        "disguised_contact",
        f"{percent(share)} of the {count(len(posts), 'post')} that lead to {contact.removeprefix('contact:')} "
        "write it so that a filter does not read it.",
        share=share,
    )


class _Use(NamedTuple):
    """One post of the group that leads to a contact."""

    account: str
    disguised: bool


def _uses(figures: Figures, background: Background) -> dict[str, list[_Use]]:
    """Posts of the group by the contact that they lead to."""
    uses: dict[str, list[_Use]] = defaultdict(list)
    if not len(background.led_to):
        return uses
    leading = [(act, account, led) for act, account in _acts(figures).items() if (led := background.led_to.get(act))]
    for _, account, led in sorted(leading):
        for contact, disguised in dict(led).items():
            uses[contact].append(_Use(account, disguised))
    return uses


def _commonest(uses: Mapping[str, list[_Use]]) -> tuple[str, list[_Use]]:
    return min(uses.items(), key=lambda item: (-len(item[1]), item[0]))


def deletion(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """Delete-after-trend: the posts are gone once they have counted.

    share = acts that were taken back within `deleted_within_ms` / all acts of the group. p is the binomial
    tail against the platform's own share of deletions, at least `deleted_share_usual`. In the ephemeral
    astroturfing of Turkish trends an attack post lives 55 s at the median. Source: Elmas et al. (2021),
    Ephemeral Astroturfing Attacks, EuroS&P.
    """
    if not figures.deleted:
        return None
    lives = _lives_ms(figures, background)
    soon = sum(life_ms <= limits.deleted_within_ms for life_ms in lives)
    share = soon / max(1, figures.acts)
    usual = max(limits.deleted_share_usual, min(0.5, background.deleted_share(figures.deleted, figures.acts)))
    p_log10 = binomial_tail_log10(soon, figures.acts, usual)
    speaks = soon >= 5 and share >= limits.deleted_share_min and p_log10 <= limits.attribute_p_log10_max
    return item(
        2.0 * float(speaks),
        "deletion",
        f"{percent(share)} of their posts were taken back within {duration(limits.deleted_within_ms)}"
        + (f"; by chance {chance(p_log10)}." if speaks else f", {count(figures.deleted, 'post')} at any time."),
        share=share,
        usual_share=usual,
        p_log10=p_log10,
    )


def regularity(figures: Figures, _: Background, limits: EvidenceSettings) -> Item | None:
    """Actions at the pace of a machine: see `evidence.rhythm` for the three clocks and their nulls.

    The smallest chance of: equal steps of the group on a target; equal steps of each account from target to
    target; one second of the minute. One point at most, and `evidence.automation_points_max` together with
    accounts that do nothing else: weather bots and scheduled posts are regular, and honest.
    """
    shared = [shared_spacing_log10([m.time_ms for m in t.members.values()], limits) for t in figures.targets]
    told = {
        "the group acts in equal steps": min((p for p in shared if p is not None), default=None),
        "each account acts in equal steps": own_spacing_log10(figures.targets, limits),
        "they act on one second of the minute": minute_alignment_log10(figures.targets, limits),
    }
    tested = {clock: p + TESTS_LOG10 for clock, p in told.items() if p is not None}
    if not tested:
        return None
    clock, p_log10 = min(tested.items(), key=lambda item: item[1])
    p_log10 = min(0.0, p_log10 + (log10(len(shared)) if clock.startswith("the group") else 0.0))
    speaks = p_log10 <= limits.attribute_p_log10_max
    return item(
        float(speaks),
        "regularity",
        (
            f"The pace is a machine's: {clock}; by chance {chance(p_log10)}."
            if speaks
            else "The pace is not a machine's."
        ),
        p_log10=p_log10,
    )


def _acts(figures: Figures) -> dict[str, str]:
    """Account of each act."""
    return {member.act: account for target in figures.targets for account, member in target.members.items()}


def _lives_ms(figures: Figures, background: Background) -> list[int]:
    born = {member.act: member.time_ms for target in figures.targets for member in target.members.values()}
    deaths = ((time_ms, background.deleted_ms.get(act)) for act, time_ms in born.items())
    return [gone_ms - time_ms for time_ms, gone_ms in deaths if gone_ms is not None]


MANNER = (shared_contact, disguised_contact, deletion, regularity)
