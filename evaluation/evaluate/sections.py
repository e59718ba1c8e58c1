"""Sections of the scorecard on armies, honest crowds and scenarios."""

from collections.abc import Collection, Sequence

from evaluation.evaluate.card import Card
from evaluation.evaluate.groups import ArmyRow, CrowdRow
from evaluation.evaluate.record import RunRecord
from evaluation.evaluate.sentences import figure, percent, picture, span, table
from evaluation.evaluate.summary import Summary

CALLS_TOLD_MAX = 40


def armies(rows: Sequence[ArmyRow], pictures: Collection[str]) -> str:
    """Every army, the worst recall first."""
    if not rows:
        return ""
    lines = [
        (
            f"{row.scenario}: {row.group}{' *' if row.target_class else ''}",
            str(row.accounts),
            f"{row.found} of {len(row.scores)}",
            f"{row.recall:.2f}",
            f"{min(row.shares):.2f}",
            span(row.after_first_ms),
            span(row.after_tenth_ms),
            percent(row.to_come),
        )
        for row in rows
    ]
    head = ("army", "accounts", "found", "recall", "worst seed", "alert after 1st", "after 10th", "still to come")
    shown = picture("armies.png", "Share of each army's accounts that was named", pictures)
    shown += picture("delay.png", "Share of the armies by what was still to come", pictures)
    return f"## Armies, worst first\n\n{shown}{table(head, lines, right=7)}\n\n\\* must be found."


def crowds(rows: Sequence[CrowdRow], pictures: Collection[str]) -> str:
    """Every honest group, the most often called first."""
    if not rows:
        return ""
    lines = [
        (
            f"{row.scenario}: {row.group}{' *' if row.must_list else ''}",
            f"{'**' if row.alerted else ''}{row.alerted} of {len(row.scores)}{'**' if row.alerted else ''}",
            f"{row.named:,}",
            f"{row.listed} of {len(row.scores)}",
            percent(row.called),
            percent(row.edge),
            percent(row.together),
        )
        for row in rows
    ]
    head = ("honest group", "called", "named", "listed", "pairs: in one call", "on one edge", "in one campaign")
    shown = picture("crowds.png", "How often each honest group was listed or called", pictures)
    return f"## Honest crowds, worst first\n\n{shown}{table(head, lines, right=6)}\n\n\\* must be listed."


def communities(summary: Summary) -> str:
    """What became of pairs who belong to no group."""
    if summary.community_pairs_share is None:
        return ""
    return (
        "People who belong to no group but to a community of the simulated platform, and mostly like each other's "
        f"posts: {percent(summary.community_edge_share)} of their pairs are on one edge, "
        f"{percent(summary.community_pairs_share)} in one campaign."
    )


def wrong_calls(records: Sequence[RunRecord]) -> str:
    """What wrong calls say."""
    wrong = [(r, call) for r in records if r.labelled for call in r.measures.told if not call.right]
    if not wrong:
        return ""
    rows = [(f"{r.scenario}, seed {r.seed}", call.headline or call.name) for r, call in wrong[:CALLS_TOLD_MAX]]
    more = f"\n\nand {len(wrong) - CALLS_TOLD_MAX:,} more." if len(wrong) > CALLS_TOLD_MAX else ""
    return f"## Wrong calls\n\n{table(('where', 'what the alert says'), rows)}{more}"


def scenarios(card: Card) -> str:
    """Each scenario, added up."""
    lines = [
        (
            name,
            figure(each.summary.account_recall),
            figure(each.summary.account_precision),
            figure(each.summary.weighted_precision),
            f"{each.summary.false_calls} of {each.summary.calls}",
            f"{each.summary.bystanders:,}",
            f"{each.summary.honest_alerted} of {each.summary.honest_groups}",
            f"{each.summary.events // max(1, each.summary.runs):,}",
            f"{each.summary.events_per_s:,.0f}",
            f"{each.summary.peak_rss_mb:,.0f}",
        )
        for name, each in card.scenarios.items()
    ]
    head = (
        "scenario", "recall", "precision", "weighted", "wrong calls", "bystanders", "honest called", "events a run",
        "events/s", "MB",
    )  # fmt: skip
    return f"## Scenarios\n\n{table(head, lines, right=9)}" if lines else ""


def real_streams(records: Sequence[RunRecord]) -> str:
    """What was called on real streams besides the planted armies: nobody knows, somebody must read it."""
    real = [record for record in records if not record.labelled]
    if not real:
        return ""
    # streams as they are come first, since their calls are met again in the runs with something planted
    ordered = sorted(real, key=lambda record: bool(record.measures.armies))
    found: dict[str, tuple[str, str, str]] = {}
    for record in ordered:
        for call in record.measures.told:
            if not call.right:
                found.setdefault(call.name, (record.scenario, call.headline, call.name))
    rates = "; ".join(
        f"{record.scenario}: {each.calls - each.calls_right} in {record.events:,} events, "
        f"{figure(round(1e6 * (each.calls - each.calls_right) / max(1, record.events), 1))} per million"
        for record in ordered
        if not (each := record.measures).armies
    )
    rows = list(found.values())[:CALLS_TOLD_MAX]
    told = table(("first met in", "what the alert says", "campaign"), rows) if rows else "None."
    return (
        f"## Real streams\n\n{_planted(real)}\n\nNobody has labelled these streams: calls besides the planted armies "
        f"may be right or wrong, and are to be read by a person. {rates}{'. ' if rates else ''}{len(found)} different "
        f"ones in all runs:\n\n{told}"
    )


def _planted(records: Sequence[RunRecord]) -> str:
    """Armies planted into real streams, in one sentence."""
    armies = [army for record in records for army in record.measures.armies]
    if not armies:
        return "No army was planted."
    named, accounts = sum(army.named for army in armies), sum(army.accounts for army in armies)
    found = sum(army.found for army in armies)
    return f"Planted armies found: {found} of {len(armies)}; {named:,} of {accounts:,} accounts named."
