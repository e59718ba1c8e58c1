"""The scorecard for people: what is good and bad within a minute, then the tables (`scorecard.md`)."""

from collections.abc import Collection, Iterator, Sequence

from evaluation.evaluate.card import Card, DialCurve
from evaluation.evaluate.groups import ArmyRow, CrowdRow, army_rows, crowd_rows
from evaluation.evaluate.record import PLAIN, SHOAL, RunRecord
from evaluation.evaluate.sentences import at_most, figure, passed, percent, span, table, target_words
from evaluation.evaluate.summary import Summary

CALLS_TOLD_MAX = 40


def tell(card: Card, pictures: Collection[str] = ()) -> str:
    """The whole text."""
    ours = [record for record in card.runs if record.variant == PLAIN and record.method == SHOAL]
    armies, crowds = army_rows(ours), crowd_rows(ours)
    parts = [
        _head(card),
        _minute(card, armies, crowds),
        _targets(card),
        _armies(armies, pictures),
        _crowds(crowds, pictures),
        _communities(card.overall),
        _wrong_calls(ours),
        _scenarios(card),
        _real(ours),
        *(_dial(dial, card, pictures) for dial in dict.fromkeys(curve.dial for curve in card.dials)),
        _ablation(card, pictures),
        _methods(card, pictures),
        _performance(card),
        _not_run(card),
        HOW_TO_READ,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(card: Card) -> str:
    seeds = f"{card.first_seed} to {card.first_seed + card.seeds - 1}" if card.seeds > 1 else str(card.first_seed)
    return (
        f"# Scorecard: {card.suite}\n\n{card.about}\n\n"
        f"Shoal {card.detector_version}, configuration {card.configuration}; seeds {seeds}; "
        f"{card.overall.runs:,} runs, {card.overall.events:,} events, {card.overall.days:,.1f} days of events."
    )


def _minute(card: Card, armies: Sequence[ArmyRow], crowds: Sequence[CrowdRow]) -> str:
    return "## In one minute\n\n" + table(("", "", ""), list(_minute_rows(card, armies, crowds)))


def _minute_rows(card: Card, armies: Sequence[ArmyRow], crowds: Sequence[CrowdRow]) -> Iterator[tuple[str, str, str]]:
    overall, target = card.overall, card.target_class
    if overall.armies:
        must = f"; of those that must be found {target.armies_found} of {target.armies}" if target.armies else ""
        yield "Armies found", f"**{overall.armies_found} of {overall.armies}**", f"half of the accounts named{must}"
        must = f"; recall {figure(target.account_recall)} of those that must be found" if target.armies else ""
        yield (
            "Accounts",
            f"**recall {figure(overall.account_recall)}, precision {figure(overall.account_precision)}**",
            f"{overall.bystanders:,} bystanders named{must}",
        )
        yield (
            "Early enough",
            f"**{percent(overall.half_to_come)} of the armies** called while half was to come",
            f"median {figure(overall.after_first_s)} s after its first action, {percent(overall.to_come)} to come",
        )
        worst = armies[0]
        yield "Worst army", f"{worst.scenario}: {worst.group}", f"recall {worst.recall:.2f}: {worst.about}"
    if overall.false_per_million is not None:
        rates = f"{figure(overall.false_per_million)} per million events, {figure(overall.false_per_day)} per day"
        yield "Wrong calls", f"**{overall.false_calls} of {overall.calls} calls**", rates
    if any(not scenario.labelled for scenario in card.scenarios.values()):
        told = "on real streams besides the planted armies, to be read (below)"
        yield "Unlabelled calls", f"**{overall.unlabelled_calls}**", told
    if overall.honest_groups:
        bound = "" if overall.honest_alerted else f"; at 95 % confidence {at_most(overall.honest_groups)}"
        yield (
            "Honest groups called",
            f"**{overall.honest_alerted} of {overall.honest_groups}**",
            f"{overall.honest_listed} listed{bound}",
        )
        worst_crowd = crowds[0]
        told = f"called in {worst_crowd.alerted} of {len(worst_crowd.scores)} seeds"
        yield "Worst crowd", f"{worst_crowd.scenario}: {worst_crowd.group}", f"{told}: {worst_crowd.about}"


def _targets(card: Card) -> str:
    if not card.targets:
        return ""
    met = sum(result.met for result in card.targets)
    rows = [
        (target_words(result.target), "–" if result.value is None else figure(result.value), passed(result.met))
        for result in card.targets
    ]
    return f"## Targets: {met} of {len(rows)} met\n\n" + table(("promised", "measured", ""), rows)


def _armies(rows: Sequence[ArmyRow], pictures: Collection[str]) -> str:
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
    shown = _picture("armies.png", "Share of each army's accounts that was named", pictures)
    shown += _picture("delay.png", "Share of the armies by what was still to come", pictures)
    return f"## Armies, worst first\n\n{shown}{table(head, lines, right=7)}\n\n\\* must be found."


def _crowds(rows: Sequence[CrowdRow], pictures: Collection[str]) -> str:
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
    shown = _picture("crowds.png", "How often each honest group was listed or called", pictures)
    return f"## Honest crowds, worst first\n\n{shown}{table(head, lines, right=6)}\n\n\\* must be listed."


def _communities(summary: Summary) -> str:
    if summary.community_pairs_share is None:
        return ""
    return (
        "People who belong to no group but to a community of the simulated platform, and mostly like each other's "
        f"posts: {percent(summary.community_edge_share)} of their pairs are on one edge, "
        f"{percent(summary.community_pairs_share)} in one campaign."
    )


def _wrong_calls(records: Sequence[RunRecord]) -> str:
    wrong = [(r, call) for r in records if r.labelled for call in r.measures.told if not call.right]
    if not wrong:
        return ""
    rows = [(f"{r.scenario}, seed {r.seed}", call.headline or call.name) for r, call in wrong[:CALLS_TOLD_MAX]]
    more = f"\n\nand {len(wrong) - CALLS_TOLD_MAX:,} more." if len(wrong) > CALLS_TOLD_MAX else ""
    return f"## Wrong calls\n\n{table(('where', 'what the alert says'), rows)}{more}"


def _scenarios(card: Card) -> str:
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


def _real(records: Sequence[RunRecord]) -> str:
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


def _dial(dial: str, card: Card, pictures: Collection[str]) -> str:
    curves = [curve for curve in card.dials if curve.dial == dial]
    shown = _picture(f"dial-{dial.replace('.', '-')}.png", f"Recall, precision and delay against {dial}", pictures)
    unit = f" ({curves[0].unit})" if curves[0].unit else ""
    return f"## Dial: {dial}{unit}\n\n{shown}" + "\n\n".join(_dial_table(curve) for curve in curves)


def _dial_table(curve: DialCurve) -> str:
    head = (curve.scenario, *(f"{point.value:g}" for point in curve.points))
    measures = ("account_recall", "account_precision", "campaign_recall", "to_come", "after_first_s", "false_calls")
    rows = [
        (name.replace("_", " "), *(figure(getattr(point.summary, name)) for point in curve.points)) for name in measures
    ]
    return table(head, rows, right=len(curve.points))


def _ablation(card: Card, pictures: Collection[str]) -> str:
    if len(card.ablation) < 2:
        return ""
    plain, *off = card.ablation
    base = plain.summary
    rows = [
        (
            f"{row.name} ({row.kind})",
            _signed(row.summary.account_recall, base.account_recall),
            _signed(row.summary.account_precision, base.account_precision),
            f"{row.summary.armies_found - base.armies_found:+d}",
            f"{row.summary.false_calls - base.false_calls:+d}",
            f"{row.summary.honest_alerted - base.honest_alerted:+d}",
        )
        for row in sorted(off, key=lambda row: (row.summary.account_recall or 0.0, -row.summary.false_calls))
    ]
    head = ("without", "recall", "precision", "armies found", "wrong calls", "honest groups called")
    told = (
        f"With everything: recall {figure(base.account_recall)}, precision {figure(base.account_precision)}, "
        f"{base.armies_found} of {base.armies} armies, {base.false_calls} wrong calls, {base.honest_alerted} of "
        f"{base.honest_groups} honest groups called. Changes when one thing is switched off:"
    )
    shown = _picture("ablation.png", "What each signal is worth", pictures)
    return f"## Ablation\n\n{told}\n\n{shown}{table(head, rows, right=5)}"


def _signed(value: float | None, base: float | None) -> str:
    return "–" if value is None or base is None else f"{value - base:+.3f}"


def _methods(card: Card, pictures: Collection[str]) -> str:
    if len(card.methods) < 2:
        return ""
    rows = [_method_row(name, each.version, each.overall) for name, each in card.methods.items()]
    head = (
        "method", "version", "runs", "recall", "precision", "armies found", "weighted precision", "honest called",
        "honest pairs linked", "events/s", "MB",
    )  # fmt: skip
    shown = _picture("methods.png", "Shoal and its peers on the same events", pictures)
    return (
        "## Against peers\n\nThe same events, the same run, the same scoring; every group that a peer finds counts as "
        f"a call, since peers know no other answer.\n\n{shown}{table(head, rows, right=9)}"
    )


def _method_row(name: str, version: str, summary: Summary) -> tuple[str, ...]:
    return (
        f"**{name}**" if name == SHOAL else name,
        version,
        str(summary.runs),
        figure(summary.account_recall),
        figure(summary.account_precision),
        f"{summary.armies_found} of {summary.armies}",
        figure(summary.weighted_precision),
        f"{summary.honest_alerted} of {summary.honest_groups}",
        percent(summary.pairs_together_share),
        f"{summary.events_per_s:,.0f}",
        f"{summary.peak_rss_mb:,.0f}",
    )


def _performance(card: Card) -> str:
    return (
        f"## Speed and memory\n\nMedian {card.overall.events_per_s:,.0f} events/s a run, largest process "
        f"{card.overall.peak_rss_mb:,.0f} MB with its events and the interpreter. Only ratios within one run are "
        "worth comparing; runs shared the machine."
    )


def _not_run(card: Card) -> str:
    rows = [(each.scenario, each.reason) for each in card.skipped]
    rows += [
        (
            f"{each.scenario}, seed {each.seed}, {each.method} {each.variant}".strip(),
            f"{'no result' if each.no_result else '**failed**'}: {each.reason}",
        )
        for each in card.failed
    ]
    return "## Not run\n\n" + table(("what", "why"), rows) if rows else ""


def _picture(name: str, about: str, pictures: Collection[str]) -> str:
    return f"![{about}]({name})\n\n" if name in pictures else ""


HOW_TO_READ = """## How to read this

- An account is *named* when any alert that calls somebody holds it. Listings call nobody.
- An army is *found* when at least half of its accounts are named. A call is *wrong* unless most of its accounts
  belong to armies. Weighted precision counts each call by the accounts it names.
- An honest group is *called* when half of a call is its members, or a call names more than 5 % of it.
- *Still to come* is the share of an army's paid actions after the moment its first alert opened; an army that is
  never called has nothing to come.
- Pairs of an honest group are *on one edge* if both accounts belong to one significant pair of cohorts, *in one
  campaign* if both stand in a campaign that is called or listed, *in one call* if a person would be told of both.
- Seeds below 100 are for choosing, seeds from 1000 for reporting; nothing was chosen on the latter."""
