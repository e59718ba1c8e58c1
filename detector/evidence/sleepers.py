"""Accounts that slept and woke together."""

from collections import Counter
from math import log10

import numpy as np

from detector.background import AGE_DAYS, DAY_MS, Background
from detector.cohorts.significance import binomial_tail_log10
from detector.evidence.figures import Figures
from detector.evidence.items import Item, item
from detector.evidence.words import count, percent
from detector.settings import EvidenceSettings
from models.ids import hash64


def awakening(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """Accounts that slept for weeks and wake on one day, against the day's general wake-up.

    p is the binomial tail of the commonest day of awakening of the group, against the share of that
    day's other active accounts that woke too (at least 1 %), times the days seen. An account that was never
    seen before counts only if it was registered `dormant_days_min` or more before. One point; two if
    those that woke were also registered on too few days. None until the stream has been watched for
    `dormant_days_min`.
    """
    sleep = background.dormancy
    if sleep.watched_days < limits.dormant_days_min:
        return None
    woken = _woken(figures, background, limits)
    if not woken:
        return None
    days = Counter(woken.values())
    day, most = min(days.items(), key=lambda item: (-item[1], item[0]))
    general, active = sleep.general(day)
    usual = max((general - most) / max(1, active - most), 0.01)
    p_log10 = corrected_log10(most, len(figures.accounts), usual, len(days))
    share = most / len(figures.accounts)
    speaks = most >= 5 and share >= limits.awakening_share_min and p_log10 <= limits.attribute_p_log10_max
    together = speaks and _registered_together([a for a, at in woken.items() if at == day], figures, background, limits)
    return item(
        (2.0 if together else 1.0) * float(speaks),
        "awakening",
        f"{most} of {count(len(figures.accounts), 'account')} woke on one day after {limits.dormant_days_min} days of "
        f"silence or more, {percent(usual)} of the others active that day did"
        + ("; they were registered together too." if together else "."),
        share=share,
        usual_share=usual,
        p_log10=p_log10,
    )


def _woken(figures: Figures, background: Background, limits: EvidenceSettings) -> dict[str, int]:
    """Day of awakening of each account that woke when the group began, or while it acted."""
    days, unseen = background.dormancy.woke(np.array([hash64(a) for a in figures.accounts], np.uint64))
    first, last = figures.first_ms // DAY_MS - 3, figures.last_ms // DAY_MS
    found = {}
    for account, day, new in zip(figures.accounts, days.tolist(), unseen.tolist(), strict=True):
        fact = figures.facts.get(account)
        asleep = not new or (fact is not None and day - fact.registered_at_ms // DAY_MS >= limits.dormant_days_min)
        if first <= day <= last and day >= 0 and asleep:
            found[account] = day
    return found


def _registered_together(
    accounts: list[str], figures: Figures, background: Background, limits: EvidenceSettings
) -> bool:
    days = Counter(str(figures.facts[a].registered_at_ms // DAY_MS) for a in accounts if a in figures.facts)
    if not days:
        return False
    day, most = min(days.items(), key=lambda item: (-item[1], item[0]))
    p_log10 = corrected_log10(most, len(accounts), background.days.share(day, most, 1 / AGE_DAYS), len(days))
    return most >= 5 and p_log10 <= limits.attribute_p_log10_max


def corrected_log10(most: int, total: int, share: float, choices: int) -> float:
    """Binomial tail, times the number of values that were looked at (Bonferroni)."""
    return min(0.0, binomial_tail_log10(most, total, share) + log10(max(1, choices)))
