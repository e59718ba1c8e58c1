"""The scorecard for people: what is good and bad within a minute, then the tables (`scorecard.md`)."""

from collections.abc import Collection, Iterator, Sequence

from evaluation.evaluate import calibration, comparisons, sections
from evaluation.evaluate.card import Card
from evaluation.evaluate.groups import ArmyRow, CrowdRow, army_rows, crowd_rows
from evaluation.evaluate.record import PLAIN, SHOAL
from evaluation.evaluate.sentences import at_most, figure, passed, percent, span, table, target_words
from evaluation.evaluate.summary import DAY_MS, summarise


def tell(card: Card, pictures: Collection[str] = ()) -> str:
    """The whole text."""
    ours = [record for record in card.runs if record.variant == PLAIN and record.method == SHOAL]
    armies, crowds = army_rows(ours), crowd_rows(ours)
    parts = [
        _head(card),
        _minute(card, armies, crowds),
        _targets(card),
        sections.armies(armies, pictures),
        sections.crowds(crowds, pictures),
        sections.communities(card.overall),
        calibration.section([record.calibration for record in ours]),
        sections.wrong_calls(ours),
        sections.scenarios(card),
        sections.real_streams(ours),
        *(comparisons.dial(dial, card, pictures) for dial in dict.fromkeys(curve.dial for curve in card.dials)),
        comparisons.ablation(card, pictures),
        comparisons.methods(card, pictures),
        _performance(card),
        _not_run(card),
        HOW_TO_READ,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(card: Card) -> str:
    seeds = f"{card.first_seed} to {card.first_seed + card.seeds - 1}" if card.seeds > 1 else str(card.first_seed)
    events, days = sum(record.events for record in card.runs), sum(record.span_ms for record in card.runs) / DAY_MS
    return (
        f"# Scorecard: {card.suite}\n\n{card.about}\n\n"
        f"Shoal {card.detector_version}, configuration {card.configuration}; seeds {seeds}; "
        f"{len(card.runs):,} runs, {events:,} events, {days:,.1f} days of events."
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
        after = span(None if overall.after_first_s is None else int(1000 * overall.after_first_s))
        yield (
            "Early enough",
            f"**{percent(overall.half_to_come)} of the armies** called while half was to come",
            f"median {after} after the first action, {percent(overall.to_come)} to come",
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
        if crowds[0].alerted:
            told = f"called in {crowds[0].alerted} of {len(crowds[0].scores)} seeds"
            yield "Worst crowd", f"{crowds[0].scenario}: {crowds[0].group}", f"{told}: {crowds[0].about}"
    for curve in card.dials:
        low, high = comparisons.weakest(curve), comparisons.strongest(curve)
        where = f"lowest at {curve.dial_name} {low.value:g}, highest at {high.value:g}"
        if low.summary.account_recall == high.summary.account_recall:
            where = f"at every value from {curve.points[0].value:g} to {curve.points[-1].value:g}"
        recalls = " to ".join(dict.fromkeys(figure(point.summary.account_recall) for point in (low, high)))
        yield f"{curve.scenario}, {curve.dial_name}", f"**recall {recalls}**", where


def _targets(card: Card) -> str:
    if not card.targets:
        return ""
    met = sum(result.met for result in card.targets)
    rows = [
        (target_words(result.target), "–" if result.value is None else figure(result.value), passed(result.met))
        for result in card.targets
    ]
    return f"## Targets: {met} of {len(rows)} met\n\n" + table(("promised", "measured", ""), rows)


def _performance(card: Card) -> str:
    ours = summarise([record for record in card.runs if record.method == SHOAL and not record.unchanged])
    return (
        f"## Speed and memory\n\nMedian {ours.events_per_s:,.0f} events/s a run, largest process "
        f"{ours.peak_rss_mb:,.0f} MB with its events and the interpreter. Only ratios within one run are "
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
