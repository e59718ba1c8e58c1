"""Inauthenticity shown by the manner of posting, held against what is usual: contacts, deletion, rhythm."""

from collections import Counter
from math import log10

from detector.background import Background
from detector.cohorts.significance import binomial_tail_log10
from detector.evidence.figures import Figures
from detector.evidence.items import Item, item
from detector.evidence.rhythm import minute_alignment_log10, own_spacing_log10, shared_spacing_log10
from detector.evidence.words import chance, count, duration, percent
from detector.settings import EvidenceSettings

CONTACT_SHARE_FLOOR = 0.01
"""A contact is assumed to be at least so common among all posts that carry one."""
TESTS_LOG10 = 0.477
"""Three clocks are looked at: log₁₀ of 3 is added to each chance (Bonferroni)."""


def shared_contact(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """One contact (handle, number, group link) in most of the group's posts.

    share = posts with the commonest contact / all the group's acts. p is the binomial tail of them among
    the group's posts that carry any, against the contact's share among everybody else's, times the
    contacts seen. One point: a lost child's telephone number is copied by honest people too.
    """
    led_to = [contacts for act in sorted(_acts(figures)) if (contacts := background.led_to.get(act))]
    if not led_to:
        return None
    posts = Counter(contact for contacts in led_to for contact in set(contacts))
    contact, most = min(posts.items(), key=lambda item: (-item[1], item[0]))
    usual = background.contacts.share(contact, most, CONTACT_SHARE_FLOOR)
    p_log10 = min(0.0, binomial_tail_log10(most, len(led_to), usual) + log10(len(posts)))
    share = most / max(1, figures.acts)
    speaks = most >= 5 and share >= limits.contact_share_min and p_log10 <= limits.attribute_p_log10_max
    return item(
        float(speaks),
        "shared_contact",
        f"{percent(share)} of their posts lead to one contact, {contact.removeprefix('contact:')} "
        f"({percent(usual)} of other posts with a contact do)" + (f"; by chance {chance(p_log10)}." if speaks else "."),
        share=share,
        usual_share=usual,
        p_log10=p_log10,
    )


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
    usual = max(limits.deleted_share_usual, min(background.deleted_share, 0.5))
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


def _acts(figures: Figures) -> frozenset[str]:
    return frozenset(member.act for target in figures.targets for member in target.members.values())


def _lives_ms(figures: Figures, background: Background) -> list[int]:
    born = {member.act: member.time_ms for target in figures.targets for member in target.members.values()}
    deaths = ((time_ms, background.deleted_ms.get(act)) for act, time_ms in born.items())
    return [gone_ms - time_ms for time_ms, gone_ms in deaths if gone_ms is not None]


MANNER = (shared_contact, deletion, regularity)
