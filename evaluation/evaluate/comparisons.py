"""Sections of the scorecard that compare: dials, ablation, peers."""

from collections.abc import Collection

from evaluation.evaluate.card import Card, DialCurve, DialPoint
from evaluation.evaluate.record import SHOAL
from evaluation.evaluate.sentences import figure, percent, picture, table
from evaluation.evaluate.summary import Summary


def weakest(curve: DialCurve) -> DialPoint:
    """The point of the lowest recall."""
    return min(curve.points, key=lambda point: point.summary.account_recall or 0.0)


def strongest(curve: DialCurve) -> DialPoint:
    """The point of the highest recall."""
    return max(curve.points, key=lambda point: point.summary.account_recall or 0.0)


def dial(dial: str, card: Card, pictures: Collection[str]) -> str:
    """One dial: its picture, and a table for each scenario."""
    curves = [curve for curve in card.dials if curve.dial == dial]
    shown = picture(
        f"dial-{dial.replace('.', '-')}.png", f"Recall, precision and delay against {curves[0].dial_name}", pictures
    )
    unit = f" ({curves[0].unit})" if curves[0].unit else ""
    return f"## Dial: {curves[0].dial_name}{unit}\n\n{shown}" + "\n\n".join(_dial_table(curve) for curve in curves)


def _dial_table(curve: DialCurve) -> str:
    head = (curve.scenario, *(f"{point.value:g}" for point in curve.points))
    measures = ("account_recall", "account_precision", "campaign_recall", "to_come", "after_first_s", "false_calls")
    rows = [
        (name.replace("_", " "), *(figure(getattr(point.summary, name)) for point in curve.points)) for name in measures
    ]
    return table(head, rows, right=len(curve.points))


def ablation(card: Card, pictures: Collection[str]) -> str:
    """What changes without each item, explanation and signal."""
    if len(card.ablation) < 2:
        return ""
    base, off = card.ablation[0].summary, card.ablation[1:]
    rows = sorted(off, key=lambda row: (row.summary.account_recall or 0.0, -row.summary.false_calls))
    changing = [row for row in rows if changes(base, row.summary)]
    head = ("without", "recall", "precision", "armies found", "still to come", "wrong calls", "honest groups called")
    told = (
        f"With everything: recall {figure(base.account_recall)}, precision {figure(base.account_precision)}, "
        f"{base.armies_found} of {base.armies} armies, {percent(base.to_come)} still to come, {base.false_calls} wrong "
        f"calls, {base.honest_alerted} of {base.honest_groups} honest groups called. Changes when one thing is off:"
    )
    shown = picture("ablation.png", "What each signal is worth", pictures)
    lines = [(f"{row.name} ({row.kind})", *_changed(base, row.summary)) for row in changing]
    same = ", ".join(row.name for row in rows if row not in changing)
    rest = (
        f"\n\nNothing changes without any one of: {same}. Others stand in for it here, or it had no say."
        if same
        else ""
    )
    return f"## Ablation\n\n{told}\n\n{shown}{table(head, lines, right=6)}{rest}"


def changes(base: Summary, other: Summary) -> bool:
    """Whether any figure that the ablation tells differs."""
    told = ("account_recall", "account_precision", "armies_found", "to_come", "false_calls", "honest_alerted")
    return any(getattr(base, name) != getattr(other, name) for name in told)


def _changed(base: Summary, other: Summary) -> tuple[str, ...]:
    return (
        _signed(other.account_recall, base.account_recall),
        _signed(other.account_precision, base.account_precision),
        f"{other.armies_found - base.armies_found:+d}",
        _signed(other.to_come, base.to_come),
        f"{other.false_calls - base.false_calls:+d}",
        f"{other.honest_alerted - base.honest_alerted:+d}",
    )


def _signed(value: float | None, base: float | None) -> str:
    return "–" if value is None or base is None else f"{value - base:+.3f}"


def methods(card: Card, pictures: Collection[str]) -> str:
    """Shoal and its peers."""
    if len(card.methods) < 2:
        return ""
    rows = [_method_row(name, each.version, each.overall) for name, each in card.methods.items()]
    head = (
        "method", "version", "runs", "recall", "precision", "armies found", "weighted precision", "honest called",
        "honest pairs linked", "events/s", "MB",
    )  # fmt: skip
    shown = picture("methods.png", "Shoal and its peers on the same events", pictures)
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
