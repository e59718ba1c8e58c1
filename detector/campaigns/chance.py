"""What chance has to say to a campaign: one e-value from all its pairs (docs/decisions/0005)."""

from collections.abc import Iterable
from math import log10

from detector.calibration.evalues import FAMILY_SHARE, overlap_e_log10, sum_log10, weight_log10
from detector.cohorts.cohort import Cohort
from detector.cohorts.overlap import Edge, Overlaps
from models.campaigns import Campaign

_HALF_LOG10 = log10(0.5)


def campaign_e_log10(overlaps: Overlaps, found: Campaign) -> float:
    """log₁₀ of an e-value against "these accounts are independent", in [−inf, 10⁵].

    Half of it are the e-values of its pairs, each with the weight of the test that found it. The other
    half is on its first pair going on: the accounts that it shares are named by then, so every later
    target is a fresh bet on the same accounts, and bets one after the other multiply. The n-th cohort
    after the pair is bet on with a share of `weight_log10(n)` of what is there; the rest is kept, which
    costs at most half over all the cohorts that these accounts never came to.
    """
    pairs = sum_log10(overlaps.e_log10[edge] for edge in found.edges)
    first = min(found.edges)
    going_on = overlaps.e_log10[first] + _HALF_LOG10 + sum(_bets_log10(overlaps, first, found.cohorts))
    return sum_log10((pairs + _HALF_LOG10, going_on + _HALF_LOG10))


def _bets_log10(overlaps: Overlaps, pair: Edge, cohorts: Iterable[int]) -> Iterable[float]:
    """What each later cohort of a campaign multiplies the first pair by: never less than 1."""
    newer, older = (overlaps.cohorts[index] for index in pair)
    accounts = overlaps.carriers[pair]
    acts = {account: _acts(account, (newer, older)) for account in accounts}
    activity = overlaps.activity_of(accounts, newer.window_ms)
    for index in cohorts:
        cohort = overlaps.cohorts[index]
        if index <= pair[0] or not (cohort.comparable(newer) and cohort.comparable(older)):
            continue
        fresh = [a for a in accounts if (member := cohort.members.get(a)) is not None and member.act not in acts[a]]
        for account in fresh:
            acts[account].add(cohort.members[account].act)
        rate = overlaps.group_rate(len(accounts), activity, cohort, (newer, older))
        share_log10 = weight_log10(index - pair[0], FAMILY_SHARE)
        yield max(0.0, share_log10 + overlap_e_log10(len(fresh), rate))


def _acts(account: str, cohorts: Iterable[Cohort]) -> set[str]:
    return {member.act for cohort in cohorts if (member := cohort.members.get(account)) is not None}
