"""Runs added up: counts are summed before they are divided, so large runs count for more."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from msgspec import Struct

from evaluation.evaluate.measures import ArmyScore
from evaluation.evaluate.record import RunRecord

DAY_MS = 86_400_000
HALF = 0.5
MINUTE_MS = 60_000
CURVE_STEPS = 20


class Summary(Struct, frozen=True):
    """Measures of some runs; None where there is nothing to divide by."""

    runs: int
    events: int
    days: float
    """Simulated time of all runs."""
    armies: int
    armies_found: int
    """Armies of which at least half of the accounts were named."""
    army_accounts: int
    account_recall: float | None
    account_precision: float | None
    """Of all accounts named, those that belong to an army."""
    campaign_recall: float | None
    """`armies_found` of `armies`."""
    campaign_precision: float | None
    """Of all calls, those of which most accounts belong to armies."""
    weighted_precision: float | None
    """The same, each call counted by the accounts it names."""
    calls: int
    """Cases that called somebody, on labelled streams."""
    false_calls: int
    unlabelled_calls: int
    """Calls on real streams besides the planted armies: right or wrong, a person has to read them."""
    false_per_million: float | None
    false_per_day: float | None
    bystanders: int
    """Accounts named that belong to no army."""
    honest_groups: int
    honest_alerted: int
    honest_listed: int
    must_list: int
    must_list_listed: int
    must_list_share: float | None
    """Honest groups that must be listed, those that were, and their share."""
    pairs_together_share: float | None
    """Of all pairs inside honest groups, those in one campaign, called or listed."""
    pairs_called_share: float | None
    """Those in one call."""
    pairs_edge_share: float | None
    """Those that both carry one significant pair of cohorts."""
    community_pairs_share: float | None
    """Of all pairs inside the communities of the simulated platform, those in one campaign, called or listed."""
    community_edge_share: float | None
    """Those that both carry one significant pair of cohorts."""
    after_first_s: float | None
    """Median time from an army's first action to the first call about it."""
    after_tenth_s: float | None
    to_come: float | None
    """Median share of the paid actions still to come then; 0 for armies never called."""
    half_to_come: float | None
    """Share of the armies called while half of their actions were still to come."""
    within_minute: float | None
    """Share of the armies called within 60 s of their tenth action."""
    events_per_s: float
    """Median."""
    peak_rss_mb: float
    """Largest."""


MEASURES: tuple[str, ...] = Summary.__struct_fields__


def summarise(records: Sequence[RunRecord], target_class: bool = False) -> Summary:
    """Add up runs. With `target_class`, only runs with armies that must be found, and only those armies."""
    if target_class:
        records = [record for record in records if any(army.target_class for army in record.measures.armies)]
    armies = [army for army in armies_of(records) if army.target_class or not target_class]
    measures: dict[str, Any] = {
        **_armies(armies),
        **_calls([record for record in records if record.labelled]),
        **_honest(records),
        **_delays(armies),
    }
    return Summary(
        runs=len(records),
        events=sum(record.events for record in records),
        days=round(sum(record.span_ms for record in records) / DAY_MS, 6),
        unlabelled_calls=sum(r.measures.calls - r.measures.calls_right for r in records if not r.labelled),
        events_per_s=round(median(record.performance.events_per_s for record in records), 1) if records else 0.0,
        peak_rss_mb=max((record.performance.peak_rss_mb for record in records), default=0.0),
        **measures,
    )


def _armies(armies: Sequence[ArmyScore]) -> dict[str, Any]:
    accounts = sum(army.accounts for army in armies)
    found = sum(army.found for army in armies)
    return {
        "armies": len(armies),
        "armies_found": found,
        "army_accounts": accounts,
        "account_recall": _share(sum(army.named for army in armies), accounts),
        "campaign_recall": _share(found, len(armies)),
    }


def _calls(labelled: Sequence[RunRecord]) -> dict[str, Any]:
    told = [record.measures for record in labelled]
    calls, right = sum(each.calls for each in told), sum(each.calls_right for each in told)
    named, named_right = sum(each.named for each in told), sum(each.named_right for each in told)
    accounts = sum(each.calls_accounts for each in told)
    return {
        "account_precision": _share(named_right, named),
        "campaign_precision": _share(right, calls),
        "weighted_precision": _share(sum(each.calls_accounts_right for each in told), accounts),
        "calls": calls,
        "false_calls": calls - right,
        "false_per_million": _share(1e6 * (calls - right), sum(record.events for record in labelled)),
        "false_per_day": _share(calls - right, sum(record.span_ms for record in labelled) / DAY_MS),
        "bystanders": named - named_right,
    }


def _honest(records: Sequence[RunRecord]) -> dict[str, Any]:
    crowds = [crowd for record in records for crowd in record.measures.crowds]
    must_list = sum(crowd.must_list for crowd in crowds)
    must_list_listed = sum(crowd.must_list and crowd.listed for crowd in crowds)
    communities = [record.measures.communities for record in records]
    pairs, met = sum(crowd.pairs for crowd in crowds), sum(each.pairs for each in communities)
    return {
        "honest_groups": len(crowds),
        "honest_alerted": sum(crowd.alerted for crowd in crowds),
        "honest_listed": sum(crowd.listed for crowd in crowds),
        "must_list": must_list,
        "must_list_listed": must_list_listed,
        "must_list_share": _share(must_list_listed, must_list),
        "pairs_together_share": _share(sum(crowd.pairs_together for crowd in crowds), pairs),
        "pairs_called_share": _share(sum(crowd.pairs_called for crowd in crowds), pairs),
        "pairs_edge_share": _edge_share([crowd.pairs_edge for crowd in crowds], pairs),
        "community_pairs_share": _share(sum(each.together for each in communities), met),
        "community_edge_share": _edge_share([each.edge for each in communities], met),
    }


def _delays(armies: Sequence[ArmyScore]) -> dict[str, Any]:
    """All None for a method that called armies and knows no times."""
    first = [army.after_first_ms for army in armies if army.after_first_ms is not None]
    tenth = [army.after_tenth_ms for army in armies if army.after_tenth_ms is not None]
    timed = bool(armies) and (bool(first) or not any(army.named for army in armies))
    return {
        "after_first_s": _median_s(first),
        "after_tenth_s": _median_s(tenth),
        "to_come": round(median(army.to_come for army in armies), 6) if timed else None,
        "half_to_come": _share(sum(army.to_come >= HALF for army in armies), len(armies)) if timed else None,
        "within_minute": _share(sum(moment <= MINUTE_MS for moment in tenth), len(armies)) if timed else None,
    }


def armies_of(records: Iterable[RunRecord]) -> list[ArmyScore]:
    """All armies of some runs."""
    return [army for record in records for army in record.measures.armies]


def delay_curve(armies: Sequence[ArmyScore]) -> list[tuple[float, float]]:
    """(x, share of the armies called while at least x of their paid actions were still to come), x > 0.

    An army that was never called has nothing to come, and counts against every x.
    """
    points = [step / CURVE_STEPS for step in range(1, CURVE_STEPS + 1)]
    return [(x, round(sum(army.to_come >= x for army in armies) / len(armies), 6)) for x in points] if armies else []


def _edge_share(linked: Sequence[int | None], pairs: int) -> float | None:
    """None where the method knows no edges."""
    known = [each for each in linked if each is not None]
    return _share(sum(known), pairs) if len(known) == len(linked) else None


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None


def _median_s(delays_ms: Sequence[int]) -> float | None:
    return round(median(delays_ms) / 1000, 3) if delays_ms else None
